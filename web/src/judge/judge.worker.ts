/** Judges a history beside the page: a search may take seconds, and can only be ended with its worker. */
import init, { choices, judge } from './pkg/judge.js';
import moduleUrl from './pkg/judge_bg.wasm?url';
import type { Answer, Choices, Judged, Question } from './judged.ts';

self.addEventListener('message', ({ data }: MessageEvent<Question>) => {
  void answer(data).then((said) => self.postMessage(said));
});

async function answer({ text, asked }: Question): Promise<Answer> {
  try {
    await init({ module_or_path: moduleUrl });
  } catch {
    return { fault: '' };
  }
  try {
    const judged = JSON.parse(judge(text, JSON.stringify(asked))) as Judged;
    return { judged, choices: JSON.parse(choices()) as Choices };
  } catch (fault) {
    return { fault: String(fault) };
  }
}
