/** What keeps a configuration from being deployed, found at synth: says what, where and what to do. */
export class DeploymentError extends Error {
  override readonly name = 'DeploymentError';
}
