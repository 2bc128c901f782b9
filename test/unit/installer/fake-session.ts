import type { HttpsResponse } from '../../../lambda/cluster/https-transport.ts';
import type { KubeRequest, Session } from '../../../lambda/cluster/session.ts';

/** A session that answers from a list, the last of it for ever, and keeps what it was asked. */
export class FakeSession implements Session {
  readonly requests: KubeRequest[] = [];
  readonly #answers: HttpsResponse[];

  constructor(...answers: HttpsResponse[]) {
    this.#answers = answers;
  }

  send(request: KubeRequest): Promise<HttpsResponse> {
    this.requests.push(request);
    const answer = this.#answers.length > 1 ? this.#answers.shift() : this.#answers[0];
    return answer === undefined ? Promise.reject(new Error('no answer is left')) : Promise.resolve(answer);
  }

  close(): void {
    this.#answers.length = 0;
  }
}

/** An answer that says yes. */
export function anAnswer(body: unknown = {}): HttpsResponse {
  return { status: 200, headers: {}, body: JSON.stringify(body) };
}
