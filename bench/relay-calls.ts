/** Made by Lambda's event source mapping, by EKS as it verifies a token, and by the benchmarks themselves. */
const OF_OTHERS: ReadonlySet<string> = new Set([
  'secretsmanager:PutSecretValue',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:ReceiveMessage',
  'sqs:SendMessage',
  'sts:GetCallerIdentity',
]);

/** Of the calls that the emulator was asked for, those that the relay made, by `service:action`. */
export function relayCalls(calls: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map(calls.entries().filter(([call]) => !OF_OTHERS.has(call)));
}
