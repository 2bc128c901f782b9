import type { AccessCalls } from '../../../lambda/installer/temporary-access.ts';

/** What EKS was asked, and what it answers with: an error of a given name, where one is set. */
export class FakeEks implements AccessCalls {
  readonly calls: (readonly [action: string, input: object])[] = [];
  readonly failures = new Map<string, string>();
  mode: string | undefined = 'API';
  status: string | undefined = 'ACTIVE';

  get actions(): readonly string[] {
    return this.calls.map(([action]) => action);
  }

  async describeCluster(input: object): ReturnType<AccessCalls['describeCluster']> {
    await this.#asked('DescribeCluster', input);
    return { cluster: { status: this.status, accessConfig: { authenticationMode: this.mode } } };
  }

  async createAccessEntry(input: object): Promise<unknown> {
    return this.#asked('CreateAccessEntry', input);
  }

  async associateAccessPolicy(input: object): Promise<unknown> {
    return this.#asked('AssociateAccessPolicy', input);
  }

  async deleteAccessEntry(input: object): Promise<unknown> {
    return this.#asked('DeleteAccessEntry', input);
  }

  #asked(action: string, input: object): Promise<unknown> {
    this.calls.push([action, input]);
    const name = this.failures.get(action);
    return name === undefined
      ? Promise.resolve({})
      : Promise.reject(Object.assign(new Error('as AWS words it'), { name }));
  }
}
