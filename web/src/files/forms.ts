/** The files that a run can be saved as. */
import { words } from './words.ts';

export type FileForm = keyof typeof words.save.forms;

interface Kind {
  extension: string;
  type: string;
}

export const KINDS: Readonly<Record<FileForm, Kind>> = {
  svg: { extension: 'svg', type: 'image/svg+xml' },
  png: { extension: 'png', type: 'image/png' },
  spacetime: { extension: 'spacetime.svg', type: 'image/svg+xml' },
  'history-svg': { extension: 'history.svg', type: 'image/svg+xml' },
  webm: { extension: 'webm', type: 'video/webm' },
  gif: { extension: 'gif', type: 'image/gif' },
  page: { extension: 'html', type: 'text/html' },
  scenario: { extension: 'json', type: 'application/json' },
  trace: { extension: 'jsonl', type: 'application/jsonl' },
  shiviz: { extension: 'log', type: 'text/plain' },
  mermaid: { extension: 'mmd', type: 'text/plain' },
  history: { extension: 'edn', type: 'application/edn' },
};

export const FILE_FORMS = Object.keys(KINDS) as FileForm[];

/** Whether it shows a stretch of the run. */
export function isMoving(form: FileForm): form is 'webm' | 'gif' {
  return form === 'webm' || form === 'gif';
}
