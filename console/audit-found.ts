/** What a closed audit found: the heat map with its table, and the gaps that are the reader's to know. */
import { html } from 'hono/html';
import type { AuditParts } from '../api/skill-audits/parts.ts';
import type { Audit } from '../api/skill-audits/present.ts';
import { type Gaps, readGaps } from '../api/skill-audits/read-gaps.ts';
import { type HeatMap, readHeatMap } from '../api/skill-audits/read-heat-map.ts';
import { phrase } from '../locales/render.ts';
import { downloadPath } from './downloads.ts';
import { drawHeatMap } from './heat-map.ts';
import { type Html, nameOf, type Reader } from './html.ts';
import type { SignedIn } from './loop-page.ts';
import { competenciesPath } from './navigation.ts';
import { sayAudit } from './rating-fields.ts';

const gapsMax = 100;

export async function auditFound(
  parts: AuditParts,
  reader: SignedIn,
  audit: Audit,
): Promise<Html | string> {
  if (audit.status !== 'closed') return '';
  const { actor } = reader;
  const { id } = audit;
  const gaps = await readGaps(parts, { actor, input: { id, limit: gapsMax } });
  const map =
    audit.progress === null
      ? ''
      : html`${heat(reader, await readHeatMap(parts, { actor, input: { id } }))}
        ${asTable(reader, id, 'heat-map.csv')}`;
  return html`${map} ${gapsTold(reader, gaps)}
  ${gaps.items.length === 0 ? '' : asTable(reader, id, 'gaps.csv')}`;
}

const asTable = (reader: Reader, audit: string, name: 'gaps.csv' | 'heat-map.csv'): Html =>
  html`<p>
    <a href="${downloadPath(audit, name)}" download>${sayAudit(reader, 'page.as_table')}</a>
  </p>`;

function heat(reader: Reader, map: HeatMap): Html {
  const title = sayAudit(reader, 'page.heat_map');
  const shown = map.rows.filter(({ whole }) => whole.value !== null);
  if (shown.length === 0) {
    return html`<h2>${title}</h2>
      <p class="muted">${sayAudit(reader, 'page.no_heat')}</p>`;
  }
  const whole = phrase('skillAudit.page.whole', {}, reader.recipient);
  const picture = drawHeatMap(
    reader,
    {
      columns: [whole, ...map.teams.map(({ name }) => name)],
      rows: shown.map((row) => ({
        name: row.name,
        cells: [
          { percent: row.whole.value },
          ...map.teams.map(({ id }) => ({ percent: row.teams[id]?.value ?? null })),
        ],
      })),
    },
    {
      title: phrase('skillAudit.page.heat_map', {}, reader.recipient),
      told: shown.map(({ name, whole: all }) => `${name}: ${all.sentence}`),
    },
  );
  return html`<h2>${title}</h2>
    <p class="muted">${sayAudit(reader, 'page.heat_note')}</p>
    <div class="wide" tabindex="0" role="group" aria-label="${title}">${picture}</div>
    <div class="wide" tabindex="0" role="group" aria-label="${title}">${table(reader, map)}</div>`;
}

const table = (reader: Reader, { teams, rows }: HeatMap): Html =>
  html`<table class="sentences">
    <thead>
      <tr>
        <th scope="col">${sayAudit(reader, 'page.competency')}</th>
        <th scope="col">${sayAudit(reader, 'page.whole')}</th>
        ${teams.map((team) => html`<th scope="col">${nameOf(team)}</th>`)}
        <th scope="col">${sayAudit(reader, 'page.trend')}</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            <th scope="row">${row.name}</th>
            <td>${row.whole.sentence}</td>
            ${teams.map(({ id }) => html`<td>${row.teams[id]?.sentence ?? '–'}</td>`)}
            <td>
              ${row.trend ?? '–'}
              ${
                row.former.length === 0
                  ? ''
                  : html`<br /><span class="muted"
                        >${row.former
                          .map(
                            ({ quarter, value }) =>
                              `${quarter}: ${value === null ? '–' : `${value} %`}`,
                          )
                          .join(' · ')}</span
                      >`
              }
            </td>
          </tr>`,
      )}
    </tbody>
  </table>`;

/** A row for each person, however many gaps they have. */
const gapsTold = (reader: Reader, { items }: Gaps): Html =>
  html`<h2>${sayAudit(reader, 'page.gaps')}</h2>
    ${
      items.length === 0
        ? html`<p class="muted">${sayAudit(reader, 'page.no_gaps')}</p>`
        : html`<div
            class="wide"
            tabindex="0"
            role="group"
            aria-label="${sayAudit(reader, 'page.gaps')}"
          >
            <table class="sentences">
              <thead>
                <tr>
                  <th scope="col">${sayAudit(reader, 'page.person')}</th>
                  <th scope="col">${sayAudit(reader, 'page.team')}</th>
                  <th scope="col">${sayAudit(reader, 'page.gaps')}</th>
                </tr>
              </thead>
              <tbody>
                ${[...Map.groupBy(items, ({ person }) => person.id)].map(([id, gaps]) => {
                  const [first] = gaps;
                  return html`<tr>
                    <th scope="row">
                      <a href="${competenciesPath}/${id}">${first ? nameOf(first.person) : ''}</a>
                    </th>
                    <td>${first ? nameOf(first.team) : ''}</td>
                    <td>${gaps.map(({ sentence }) => html`${sentence}<br />`)}</td>
                  </tr>`;
                })}
              </tbody>
            </table>
          </div>`
    }`;
