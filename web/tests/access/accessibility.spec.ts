import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { SfApp } from '../../src/components/page/sf-app.ts';
import { BROKEN, LABS, expect, openLab, test, type Lab } from '../lab.ts';

async function violations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [device, viewport] of [
    ['laptop', { width: 1280, height: 800 }],
    ['phone', { width: 390, height: 844 }],
  ] as const) {
    test.describe(`axe finds nothing, ${colorScheme} on a ${device}`, () => {
      test.use({ colorScheme, viewport });

      test('in the page before, during and after a run', async ({ page }) => {
        const lab = await openLab(page, BROKEN);
        expect(await violations(page)).toEqual([]);
        await lab.toTheEnd();
        expect(await violations(page)).toEqual([]);
      });

      test('on the start page', async ({ page }) => {
        await page.goto('index.html');
        await expect(page.locator('sf-poster').first()).toBeVisible();
        expect(await violations(page)).toEqual([]);
      });

      test('in space-time, with a card open', async ({ page }) => {
        await openLab(page, `${BROKEN}&t=9s`);
        await page.getByRole('radio', { name: 'Both' }).check();
        await page.locator('sf-app').evaluate((app: SfApp) => {
          app.session?.pictures.select({ kind: 'node', id: 'bank' });
          app.session?.redraw();
        });
        await expect(page.locator('sf-card')).toBeVisible();
        expect(await violations(page)).toEqual([]);
      });

      test('in the history', async ({ page }) => {
        await openLab(page, `${BROKEN}&t=9s`);
        await page.getByRole('radio', { name: 'History' }).check();
        await expect(page.locator('sf-history canvas')).toBeVisible();
        expect(await violations(page)).toEqual([]);
      });

      test('in the list of what the picture shows', async ({ page }) => {
        await openLab(page, `${BROKEN}&t=9s`);
        await page.getByRole('button', { name: 'As a list' }).click();
        await expect(page.locator('sf-mirror button').first()).toBeVisible();
        expect(await violations(page)).toEqual([]);
      });

      test('in the help sheet', async ({ page }) => {
        await openLab(page);
        await page.keyboard.press('?');
        expect(await violations(page)).toEqual([]);
      });

      test('in the embed', async ({ page }) => {
        await page.goto(`embed.html${BROKEN}`);
        await expect(page.getByRole('button', { name: 'Play' })).toBeVisible();
        expect(await violations(page)).toEqual([]);
      });
    });
  }
}

test('what the canvas shows is in the page as lists', async ({ lab, page }) => {
  const opened = await lab('#/double-charge?seed=7');
  const nodes = page.getByRole('list', { name: 'Nodes' }).getByRole('listitem');
  await expect(nodes.first()).toContainText('running');
  expect(await nodes.count()).toBeGreaterThan(2);
  const messages = page.getByRole('list', { name: 'Messages in flight' });
  await expect(messages).toContainText('None');
  await expect
    .poll(async () => {
      await opened.button('Step').click();
      return messages.textContent();
    })
    .toContain('of the way');
});

test('the theme can be chosen by hand and is remembered', async ({ lab, page }) => {
  const opened = await lab();
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await ground();
  const picture = await opened.stage.screenshot();
  await opened.button('Dark colours').click();
  await expect.poll(ground).not.toBe(light);
  await expect.poll(async () => picture.equals(await opened.stage.screenshot())).toBe(false);
  const dark = await ground();
  await page.reload();
  await expect(opened.button('Light colours')).toBeVisible();
  expect(await ground()).toBe(dark);
});

for (const [name, preference] of [
  ['forced colours', { forcedColors: 'active' }],
  ['more contrast', { contrast: 'more' }],
] as const) {
  test(`with ${name} the picture follows, and nothing is said by colour alone`, async ({ lab, page }) => {
    const opened = await lab(`${BROKEN}&t=9s`);
    const picture = await opened.stage.screenshot();
    await page.emulateMedia(preference);
    await expect.poll(async () => picture.equals(await opened.stage.screenshot())).toBe(false);
    await expect.poll(() => opened.drawn()).toBeGreaterThan(0.005);
    // Which view is on: its line, or the line below its name, is that of no other.
    const lines = await page.locator('sf-views .view').evaluateAll((views) =>
      views.map((view) => {
        const name = view.querySelector('span');
        const line = name && getComputedStyle(name).boxShadow;
        return [getComputedStyle(view).borderBottomColor, line].join();
      }),
    );
    expect(lines.filter((line) => line === lines[0])).toHaveLength(1);
    await opened.toTheEnd();
    await expect(opened.verdict).toContainText('Violated');
    const key = opened.switch('Idempotency key');
    const off = await key.screenshot();
    await key.click();
    await expect(key).toBeChecked();
    expect(off.equals(await key.screenshot())).toBe(false);
    await key.focus();
    await page.keyboard.press('Tab');
    const outline = await page.evaluate(() => {
      let focused = document.activeElement;
      while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
      return focused ? getComputedStyle(focused).outlineStyle : 'none';
    });
    expect(outline).not.toBe('none');
    expect(await violations(page)).toEqual([]);
  });
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`with forced colours, ${colorScheme}, every lab tells what is on, where the focus is, and what broke`, async ({
    page,
  }) => {
    test.setTimeout(300_000);
    await page.emulateMedia({ forcedColors: 'active', colorScheme });
    for (const lab of LABS) {
      const opened = await openLab(page, `#/${lab}`);
      await opened.toTheFailure();
      await expect(page.locator('sf-verdicts .word'), lab).toHaveText('Violated.');
      const { views, switches, verdicts } = await looks(opened);
      expect(views.on, `${lab}: the view that is on`).toHaveLength(1);
      expect(views.off, `${lab}: the others`).not.toContain(views.on[0]);
      for (const knob of switches.on)
        expect(switches.off, `${lab}: a switch that is on`).not.toContain(knob);
      expect(switches.told, `${lab}: the switches in words`).toBe(true);
      const shapes = new Map(verdicts.map(({ state, shape }) => [state, shape]));
      expect(new Set(shapes.values()).size, `${lab}: a shape for each verdict`).toBe(shapes.size);
      for (const { seen } of verdicts)
        expect(seen, `${lab}: a mark is of another colour than its ground`).toBe(true);
      expect(await opened.drawn(), `${lab}: its picture`).toBeGreaterThan(0.003);
      await page.getByRole('switch').first().focus();
      for (const key of ['Tab', 'Tab', 'Shift+Tab', 'Shift+Tab']) {
        await page.keyboard.press(key);
        expect(await hasVisibleFocus(page), `${lab}: the focus`).toBe(true);
      }
    }
  });
}

/** How parts look whose state is to be told without a colour of the page's own. */
function looks({ page }: Lab) {
  return page.locator('sf-page').evaluate((element) => {
    const all = (selector: string, root: ParentNode = element.shadowRoot ?? element): Element[] =>
      [...root.querySelectorAll('*')].flatMap((child) => [
        ...(child.matches(selector) ? [child] : []),
        ...(child.shadowRoot ? all(selector, child.shadowRoot) : []),
      ]);
    const ground = (from: Element): string => {
      const { backgroundColor } = getComputedStyle(from);
      const root = from.getRootNode();
      const parent = from.parentElement ?? (root instanceof ShadowRoot ? root.host : undefined);
      return backgroundColor !== 'rgba(0, 0, 0, 0)' || !parent ? backgroundColor : ground(parent);
    };
    const views = all('.view').map((view) => {
      const name = view.querySelector('span');
      const line = name && getComputedStyle(name).boxShadow;
      const isOn = view.querySelector<HTMLInputElement>('input')?.checked ?? false;
      return { isOn, look: [getComputedStyle(view).borderBottomColor, line].join() };
    });
    const switches = all('[role=switch]').map((flip) => {
      const track = flip.querySelector('.switch') ?? flip;
      const isOn = flip.ariaChecked === 'true';
      const word = flip.querySelector('.word')?.textContent;
      return {
        isOn,
        told: word === (isOn ? 'on' : 'off'),
        look: `${getComputedStyle(track, '::before').marginInlineStart} ${getComputedStyle(track).backgroundColor}`,
      };
    });
    const verdicts = all('li[data-state]').flatMap((line) => {
      const mark = line.querySelector('svg');
      if (!mark) return [];
      const state = line.getAttribute('data-state') ?? '';
      return [{ state, shape: mark.innerHTML, seen: getComputedStyle(mark).stroke !== ground(mark) }];
    });
    const of = (parts: { isOn: boolean; look: string }[], isOn: boolean) =>
      parts.filter((part) => part.isOn === isOn).map(({ look }) => look);
    return {
      views: { on: of(views, true), off: of(views, false) },
      switches: {
        on: of(switches, true),
        off: of(switches, false),
        told: switches.every(({ told }) => told),
      },
      verdicts,
    };
  });
}

function hasVisibleFocus(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    let focused = document.activeElement;
    while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
    if (!focused || focused === document.body) return false;
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(focused);
    const ground = getComputedStyle(document.documentElement).backgroundColor;
    return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1 && outlineColor !== ground;
  });
}

for (const width of [360, 768, 1280, 2560]) {
  test(`a screen ${width} pixels wide is filled, and never scrolls sideways`, async ({ lab, page }) => {
    await page.setViewportSize({ width, height: 800 });
    const opened = await lab(BROKEN);
    for (const view of ['World', 'Space-time', 'History', 'Both']) {
      await page.getByRole('radio', { name: view }).check();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    }
    const box = await opened.stage.boundingBox();
    expect(box?.width).toBeGreaterThan(0.45 * Math.min(width, 1760));
  });
}

test('what is spoken while a run plays can be followed', async ({ page }) => {
  await page.clock.install();
  const opened = await openLab(page, '#/double-charge?seed=11');
  await opened.play.click();
  const spoken = page.locator('sf-caption [role=status]');
  const heard = new Set<string>();
  for (let second = 0; second < 8; second += 1) {
    await page.clock.runFor(1000);
    heard.add((await spoken.textContent()) ?? '');
  }
  // Once in four seconds at most, and not silent either.
  expect(heard.size).toBeGreaterThan(1);
  expect(heard.size).toBeLessThanOrEqual(3);
});
