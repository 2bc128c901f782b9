import type { Incoming } from '../aws/facade/exchange.ts';

/** What a request asks of the Kubernetes API, in RBAC's words, with `apply` for server-side apply. */
export function kubeAction({ method, path, headers }: Incoming): string {
  switch (method) {
    case 'POST':
      return 'create';
    case 'PATCH':
      return headers['content-type']?.startsWith('application/apply-patch') === true ? 'apply' : 'patch';
    case 'DELETE':
      return 'delete';
    default:
      return isCollection(path) ? 'list' : 'get';
  }
}

/** `/api/v1/…` or `/apis/GROUP/VERSION/…`, then `namespaces/NAMESPACE/RESOURCE` or `RESOURCE`, and the name of one object or none. */
function isCollection(path: string): boolean {
  const [, root, ...rest] = new URL(path, 'https://cluster').pathname.split('/');
  const resource = rest.slice(root === 'api' ? 1 : 2);
  return resource.length === 1 || (resource[0] === 'namespaces' && resource.length === 3);
}
