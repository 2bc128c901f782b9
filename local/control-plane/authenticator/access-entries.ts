/** What an EKS access entry of type STANDARD says (https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html). */
export interface AccessEntry {
  readonly groups: readonly string[];
}

/** An identity in the cluster. */
export interface KubernetesUser {
  readonly username: string;
  readonly groups: readonly string[];
}

/** The user that a caller of STS is in the cluster, or undefined where no entry names its role. */
export function userOf(
  callerArn: string,
  entries: ReadonlyMap<string, AccessEntry>,
): KubernetesUser | undefined {
  const [, partition, account, role, session] =
    /^arn:([\w-]+):sts::(\d{12}):assumed-role\/([^/]+)\/(.+)$/u.exec(callerArn) ?? [];
  if (partition === undefined || account === undefined || role === undefined || session === undefined)
    return undefined;
  const entry = entries.get(`arn:${partition}:iam::${account}:role/${role}`);
  return entry === undefined ? undefined : { username: callerArn, groups: entry.groups };
}
