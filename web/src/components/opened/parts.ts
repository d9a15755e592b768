/** What the page of opened files is put together from. */
import { html, nothing, type TemplateResult } from 'lit';
import { words } from '../../files/words.ts';
import type { List } from '../../judge/judged.ts';
import '../base/sf-copy.ts';

export function about(): TemplateResult {
  return html`<p>${words.open.about}</p>
    <dl>
      ${words.open.kinds.map(([kind, what]) => html`<dt>${kind}</dt><dd>${what}</dd>`)}
    </dl>`;
}

export function section(title: string, content: TemplateResult): TemplateResult {
  return html`<section>
    <h2>${title}</h2>
    ${content}
  </section>`;
}

export function lines({ told, more }: List): TemplateResult {
  return html`<ul class="list">
      ${told.map(({ line, operation }) => html`<li>${operation} <span class="muted">(${words.open.line(line)})</span></li>`)}
    </ul>
    ${more > 0 ? html`<p class="muted">${words.open.more(more)}</p>` : nothing}`;
}

export function copy(): TemplateResult {
  return html`<sf-copy
    .text=${() => window.location.href}
    label=${words.open.copy}
    otherwise=${words.open.notCopied}
  ></sf-copy>`;
}
