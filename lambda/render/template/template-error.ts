/**
 * Why a template could not be parsed or executed. Its message is text of the template, a position, names of functions and a reason; it
 * never holds anything that came from data (guarantee 5).
 */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  readonly stage: 'parse' | 'execute';

  constructor(stage: 'parse' | 'execute', message: string) {
    super(message);
    this.stage = stage;
  }
}

/**
 * Thrown by a template function that fails. The engine prefixes the position and "error calling NAME: ".
 *
 * `reason` must not hold an argument: say what was expected, not what was found. `said` is text that the template asked to be shown
 * (`fail "..."`): the engine shows it only where it stands literally in the template, since it may have been made of data.
 */
export class FunctionError extends Error {
  override readonly name = 'FunctionError';
  readonly said: string | undefined;

  constructor(reason: string, said?: string) {
    super(reason);
    this.said = said;
  }
}
