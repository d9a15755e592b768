/** Has a history judged. */
import address from './judge.worker.ts?worker&url';
import { trustedAddress } from '../core/trusted-address.ts';
import type { Answer, Question } from './judged.ts';

/** Rejects if the worker cannot be loaded; never settles once the signal is aborted. */
export function judge(question: Question, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(trustedAddress(address), { type: 'module' });
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
