/** What can be observed at each level, and what was rated of somebody, with its evidence and history. */
import { html } from 'hono/html';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { GrowthParts } from '../api/growth/parts.ts';
import { type Growth, readGrowth } from '../api/growth/read-growth.ts';
import { ratePerson } from '../api/growth/rate-person.ts';
import { type CompetencyMap, readMap } from '../api/growth/read-map.ts';
import { mapQuery, ratingsBody } from '../api/growth/schema.ts';
import { listAudits } from '../api/skill-audits/list-audits.ts';
import { derivedId } from '../db/derived-id.ts';
import { growthSubject } from '../db/growth-views.ts';
import { may } from '../domain/authority.ts';
import type { PersonId } from '../domain/id.ts';
import { competencies } from '../domain/people/competency.ts';
import type { Levels } from '../domain/people/competency-gap.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { taskPath } from '../locales/links.ts';
import { sayRound } from './feedback.ts';
import { flagBoxes } from './flag-boxes.ts';
import { type Html, instant, nameOf, type Reader, say, words } from './html.ts';
import { bodyOf, readForm } from './loop-form.ts';
import type { SignedIn } from './loop-page.ts';
import {
  auditsPath,
  competenciesPath,
  curiosityPath,
  roundsPath,
  trainingsPath,
} from './navigation.ts';
import {
  levelName,
  ratingFields,
  ratingFieldsMax,
  ratingLabelOf,
  ratingsIn,
  sayAudit,
  sayGrowth,
  term,
} from './rating-fields.ts';
import { alarm, type Refused, unlessRefused } from './refused.ts';
import type { SitePage } from './site-page.ts';
import { auditName } from './skill-audit.ts';

export const competenciesPage: SitePage = {
  route: competenciesPath,
  async show({ audits: parts }, reader, { query }) {
    const asked = mapQuery.safeParse({ version: query['version'] });
    if (!asked.success) throw new Refusal(problem('request.invalid'));
    const { actor } = reader;
    const map = await readMap(parts, { actor, input: asked.data });
    const growth = await readGrowth(parts, { actor, input: { id: actor.id } });
    const { items } = await listAudits(parts, { actor, input: {} });
    const title = sayGrowth(reader, 'title');
    return {
      title,
      body: html`<h1>${title}</h1>
        <p>
          <a href="${auditsPath}">${sayAudit(reader, 'page.audits')}</a> ·
          <a href="${roundsPath}">${sayRound(reader, 'page.rounds')}</a> ·
          <a href="${curiosityPath}">${sayGrowth(reader, 'curiosity.title')}</a> ·
          <a href="${trainingsPath(actor.id)}">${say(reader, 'training.title')}</a>
        </p>
        ${
          items.length === 0
            ? ''
            : html`<ul class="list">
                ${items.slice(0, 3).map(
                  ({ id, region, quarter, status }) =>
                    html`<li>
                      <a href="${taskPath(id)}"
                        >${sayAudit(reader, 'page.audit')}:
                        ${nameOf(auditName({ region, quarter }))}</a
                      >
                      <br /><span class="muted"
                        >${sayAudit(reader, `page.status_of.${status}`)}</span
                      >
                    </li>`,
                )}
              </ul>`
        }
        <h2>${sayGrowth(reader, 'own')}</h2>
        ${growthTold(reader, growth)} ${mapTold(reader, map)}`,
    };
  },
};

const mapTold = (reader: Reader, { version, validFrom, isOurs, items }: CompetencyMap): Html =>
  html`<h2>${sayGrowth(reader, 'map')}</h2>
    <p>${sayGrowth(reader, 'map_note')}</p>
    ${
      isOurs
        ? ''
        : html`<p class="muted">
            ${sayGrowth(reader, 'valid_from', { day: { day: validFrom }, version })}
          </p>`
    }
    ${items.map(
      ({ name, levels }) =>
        html`<h3>${name}</h3>
          <dl class="facts">
            ${levels.map(
              ({ name: level, text, locale }) =>
                html`<dt>${level}</dt>
                  <dd lang="${locale}" dir="auto">
                    ${text}
                    ${
                      locale === reader.recipient.locale
                        ? ''
                        : html`<br /><span class="muted" lang="${reader.recipient.locale}"
                              >${sayGrowth(reader, 'in_language', { language: { language: locale } })}</span
                            >`
                    }
                  </dd>`,
            )}
          </dl>`,
    )}`;

const growthTold = (reader: Reader, { items, gaps }: Growth): Html =>
  html`<h3>${sayGrowth(reader, 'gaps')}</h3>
    ${
      gaps.length === 0
        ? html`<p class="muted">${sayGrowth(reader, 'no_gaps')}</p>`
        : html`<ul>
            ${gaps.map(({ sentence }) => html`<li>${sentence}</li>`)}
          </ul>`
    }
    ${items
      .filter(({ target, history }) => target !== null || history.length > 0)
      .map((item) => competencyTold(reader, item))}`;

function competencyTold(
  reader: Reader,
  { competency, target, level, history }: Growth['items'][number],
): Html {
  const [latest, ...earlier] = history;
  return html`<h3>${term(reader, `competency.name.${competency}`)}</h3>
    <p>
      ${
        level === null
          ? sayGrowth(reader, 'not_rated')
          : sayAudit(reader, 'page.rated_last', { level: levelName(level) })
      }
      ·
      ${
        target === null
          ? sayGrowth(reader, 'nothing_asked')
          : sayAudit(reader, 'page.asked_for', { level: levelName(target) })
      }
    </p>
    ${latest === undefined ? '' : evidence(reader, latest)}
    ${
      earlier.length === 0
        ? ''
        : html`<details>
            <summary>${sayGrowth(reader, 'history')}</summary>
            ${earlier.map(
              (one) =>
                html`<p>${term(reader, `competency.level.${one.level}`)}</p>
                  ${evidence(reader, one)}`,
            )}
          </details>`
    }`;
}

const evidence = (reader: Reader, rating: Growth['items'][number]['history'][number]): Html =>
  html`${rating.evidence === null ? '' : words(rating.evidence)}
    <p class="muted">
      ${sayGrowth(reader, 'seen_as', {
        kind: { term: `growth.kind_of.${rating.evidenceKind}` },
        person: rating.by.name,
      })}
      · ${instant(reader, rating.at)}
    </p>`;

/** Somebody else's, for whoever works on it with them. */
export const personCompetenciesPage: SitePage = {
  route: `${competenciesPath}/:person`,
  async show({ audits: parts }, reader, { params, refused }) {
    const { actor } = reader;
    const id = params['person'] ?? '';
    const growth = await readGrowth(parts, { actor, input: { id } });
    const title = sayGrowth(reader, 'of_person', { person: growth.person.name });
    const { mayRate, isTrainingRead } = await mayDo(parts, reader, id as PersonId);
    return {
      title,
      body: html`<h1>${title}</h1>
        ${refused ? alarm(refused.problem, ratingLabelOf(reader, refused.fields ?? {})) : ''}
        ${isTrainingRead ? html`<p><a href="${trainingsPath(id)}">${say(reader, 'training.title')}</a></p>` : ''}
        ${growthTold(reader, growth)} ${mayRate ? rateForm(reader, growth, refused) : ''}`,
    };
  },
  async send({ audits: parts, publicUrl }, reader, { params, form: sent }) {
    const id = params['person'] ?? '';
    const { key, ...fields } = readForm(formShape, sent);
    const { actor } = reader;
    const path = `${competenciesPath}/${id}`;
    const refused = await unlessRefused({ ...reader, publicUrl, text: '', fields }, async () => {
      const body = bodyOf(ratingsBody, ratingsIn(fields));
      const commandId = derivedId('form', actor.id, path, key);
      await ratePerson(parts, { actor, commandId, input: { id, ...body } });
    });
    return refused ?? path;
  },
};

async function mayDo(
  { db, clock }: GrowthParts,
  { actor }: SignedIn,
  person: PersonId,
): Promise<{ readonly mayRate: boolean; readonly isTrainingRead: boolean }> {
  const subject = await growthSubject(db, { person, at: clock.now() });
  return {
    mayRate: subject !== null && may(actor, 'competency.rate', subject),
    isTrainingRead: subject !== null && may(actor, 'training.view', subject.person),
  };
}

const formShape = z
  .object({ key: z.uuid() })
  .catchall(z.string())
  .refine((fields) => Object.keys(fields).length <= ratingFieldsMax);

function rateForm(reader: Reader, { person, items }: Growth, refused: Refused | null): Html {
  const levelsOf = (name: 'target' | 'level'): Levels =>
    Object.fromEntries(
      items.flatMap((item) => (item[name] === null ? [] : [[item.competency, item[name]]])),
    );
  return html`<form method="post" action="${competenciesPath}/${person.id}" class="step">
    <h2>${sayGrowth(reader, 'add')}</h2>
    <p>${sayAudit(reader, 'page.intro')}</p>
    <input type="hidden" name="key" value="${randomUUID()}" />
    ${ratingFields(reader, {
      of: 'rate',
      keys: competencies,
      targets: levelsOf('target'),
      levels: levelsOf('level'),
      kept: refused?.fields ?? {},
    })}
    ${flagBoxes(reader, refused, ratingLabelOf(reader, refused?.fields ?? {}))}
    <div class="choices"><button>${sayGrowth(reader, 'save')}</button></div>
  </form>`;
}
