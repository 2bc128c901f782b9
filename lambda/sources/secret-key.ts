/** Region and account of a key that is an ARN (https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html). */
export function arnPartsOf(key: string): { readonly region: string; readonly account: string } | undefined {
  const [, region, account] = /^arn:[\w-]+:secretsmanager:([\w-]+):(\d{12}):secret:/u.exec(key) ?? [];
  return region === undefined || account === undefined ? undefined : { region, account };
}

/** Whether an answer about the secret with this ARN and name answers for the key: a name, a full ARN, or an ARN without its suffix. */
export function answersFor(key: string, answer: { readonly arn: string | undefined; readonly name: string | undefined }): boolean {
  if (key === answer.name || key === answer.arn) return true;
  return answer.arn?.replace(/-[A-Za-z0-9]{6}$/u, '') === key;
}
