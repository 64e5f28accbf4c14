import type { Context, MiddlewareHandler } from 'hono'
import type { Child } from 'hono/jsx'
import type { Db } from '../../../platform/database/index.ts'
import { formats, type Lang } from '../../../platform/i18n/index.ts'
import { isId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { actorOf, guard, senderHere, type Thing, ThingPage, type WebEnv } from '../../identity/index.ts'
import { phaseOf } from '../contests/contest.rules.ts'
import type { Contest } from '../contests/contest.views.ts'
import { operationPath, studioPath } from '../paths.rules.ts'
import type { Operation } from '../read-operations.ts'
import { words } from '../words.ts'

export const ID = '[0-9a-f-]{36}'

/** Operations are an artist's: the spine and the sleeve are. */
export const artistOnly: MiddlewareHandler<WebEnv> = async (c, next) => {
  if ('labelId' in senderHere(c).sender) return c.notFound()
  await next()
}

/** Routes on one operation of a kind: who may, and what is done with it. Who may write the journal prepares and looks, who may publish there opens, chooses and closes. */
export function onOne<One extends Operation>(
  { db }: Pick<Platform, 'db'>,
  byId: (db: Db, id: string) => Promise<One | null>,
) {
  const found = async (c: Context<WebEnv>): Promise<One | null> => {
    const id = c.req.param('id')
    return isId(id) ? byId(db, id) : null
  }
  const whose = async (c: Context<WebEnv>): Promise<Thing | null> => {
    const one = await found(c)
    return one && { kind: 'artist', artistId: one.artistId }
  }
  return {
    whose,
    may: guard('journal.edit', whose),
    mayPublish: guard('journal.publish', whose),
    on:
      (act: (c: Context<WebEnv>, one: One) => Response | Promise<Response>) =>
      async (c: Context<WebEnv>): Promise<Response> => {
        const one = await found(c)
        return one ? act(c, one) : c.notFound()
      },
  }
}

/** Who does it. */
export const by = (c: Context<WebEnv>): string => actorOf(c).accountId

/** In what state it is, in a sentence. */
export function stateSentence(contest: Contest, now: Date, lang: Lang): string {
  const phase = phaseOf(contest, now)
  const at = phase === 'entries' ? contest.entriesUntil : phase === 'closed' ? contest.closedAt : contest.endsAt
  return words(lang)(`state_${phase}`, { at: at ? formats(lang).dateTime(at, contest.timeZone) : '' })
}

export const SECTIONS = ['words', 'entries', 'jury', 'result', 'close'] as const
export type Section = (typeof SECTIONS)[number]

type FrameProps = {
  c: Context<WebEnv>
  contest: Contest
  section: Section
  now: Date
  notice?: Child
  wide?: boolean
  children?: Child
}

export const ContestFrame = ({ c, contest, section, now, notice, wide, children }: FrameProps) => {
  const { lang } = c.get('page')
  const t = words(lang)
  return (
    <ThingPage
      c={c}
      heading={contest.title || t('untitled')}
      current="operations"
      artistId={contest.artistId}
      back={{ href: '/studio/operations', label: t('operations') }}
      state={stateSentence(contest, now, lang)}
      notice={notice}
      wide={wide}
      sections={{
        label: t('sections'),
        links: SECTIONS.map((one) => ({
          href: studioPath(contest.id, one === 'words' ? '' : one),
          label: t(`section_${one}`),
          current: one === section,
        })),
      }}
    >
      <div class="contest">
        {contest.state !== 'draft' && (
          <p class="actions">
            <a href={operationPath(contest.artistSlug, contest.slug)}>{t('see_page')}</a>
          </p>
        )}
        {children}
      </div>
    </ThingPage>
  )
}
