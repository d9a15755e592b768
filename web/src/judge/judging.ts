/** Has a history judged. */
import address from './judge.worker.ts?worker&url';
import type { Answer, Question } from './judged.ts';

/** The policy of trusted types that the page's own policy names: it gives the address of this one worker. */
const POLICY = 'slowfire-worker';

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: () => string },
  ): { createScriptURL(of: string): string };
}

let policy: { createScriptURL(of: string): string } | undefined;

function trusted(): string {
  const { trustedTypes } = window as { trustedTypes?: TrustedTypes };
  policy ??= trustedTypes?.createPolicy(POLICY, { createScriptURL: () => address });
  return policy?.createScriptURL(address) ?? address;
}

/** Rejects if the worker cannot be loaded; never settles once the signal is aborted. */
export function judge(question: Question, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(trusted(), { type: 'module' });
    signal.addEventListener('abort', () => worker.terminate());
    worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
      worker.terminate();
      resolve(data);
    });
    worker.addEventListener('error', ({ message }) => {
      worker.terminate();
      reject(new Error(message));
    });
    worker.postMessage(question);
  });
}
