import type { Child } from 'hono/jsx'
import { formats } from '../../platform/i18n/index.ts'
import { Button, Form } from '../../ui/forms.tsx'
import type { Page } from '../../ui/page.ts'
import { refineTitle } from '../../ui/type.ts'
import { words } from './words.ts'

export type EchoProps = {
  page: Page
  /** The artist's name. */
  name: string
  /** The fan's own page of preferences; the echo lies below it. */
  preferences: string
  here: string
  echo: { directly: number; beyond: number | null; listens: number | null }
  did: {
    listens: number
    downloads: number
    words: number
    answers: number
    entries: number
    votes: number
    contributions: number
  }
  asked: { title: string; href: string }[]
  /** What one may pass on; `link`: the page of the link that they have already. */
  passed: { subject: string; title: string; link: string | null }[]
  given: { title: string; href: string | null; at: Date; told: boolean; heard: boolean; taken: boolean }[]
  older: string | null
  newer: string | null
}

/** What passed between one fan and one artist, both ways. */
export const EchoBody = (props: EchoProps): Child => {
  const { page, name, asked, passed, preferences } = props
  const t = words(page.lang)
  return (
    <div class="join-page">
      <p class="prose">{t('lead', { name })}</p>
      <Caused {...props} />
      <Did {...props} />
      <section class="band">
        <h2>{t('asked')}</h2>
        {asked.map(({ title, href }) => (
          <p>
            <a href={href}>{t('asked_take_part', { title: refineTitle(title) })}</a>
          </p>
        ))}
        <p class="prose">{t('asked_pass')}</p>
        <div class="ways">
          {passed.map(({ subject, title, link }) =>
            link ? (
              <a href={link}>{t('link_of', { title: refineTitle(title) })}</a>
            ) : (
              <Form page={page} action={`${preferences}/share`}>
                <input type="hidden" name="subject" value={subject} />
                <Button kind="plain">{t('pass_on', { title: refineTitle(title) })}</Button>
              </Form>
            ),
          )}
        </div>
      </section>
      <Given {...props} />
      <p class="ways">
        <a href={preferences}>{t('back')}</a>
      </p>
    </div>
  )
}

const Caused = ({ page, echo: { directly, beyond, listens } }: EchoProps) => {
  const t = words(page.lang)
  return (
    <section class="band">
      <h2>{t('caused')}</h2>
      {directly === 0 ? (
        <p class="prose">{t('caused_none')}</p>
      ) : (
        <>
          <p class="prose">
            <strong>{listens ? t('through_heard', { n: directly, listens }) : t('through', { n: directly })}</strong>
            {beyond !== null && ` ${t('beyond', { n: beyond })}`}
          </p>
          <p class="aside">
            {t('caused_until')} {t('did_floor')}
          </p>
        </>
      )}
    </section>
  )
}

const Did = ({ page, name, did }: EchoProps) => {
  const t = words(page.lang)
  const lines = (
    [
      ['did_listen', did.listens],
      ['did_download', did.downloads],
      ['did_words', did.words],
      ['did_answered', did.answers],
      ['did_entry', did.entries],
      ['did_vote', did.votes],
      ['did_contribution', did.contributions],
    ] as const
  ).filter(([, n]) => n > 0)
  if (!lines.length) return null
  return (
    <section class="band">
      <h2>{t('did')}</h2>
      <ul>
        {lines.map(([key, n]) => (
          <li>{t(key, { n, name })}</li>
        ))}
      </ul>
    </section>
  )
}

const Given = ({ page, given, older, newer }: EchoProps) => {
  const t = words(page.lang)
  const { date, list } = formats(page.lang)
  return (
    <section class="band">
      <h2 id="given">{t('given')}</h2>
      {!given.length && <p class="prose">{t('given_none')}</p>}
      <ul>
        {given.map(({ title, href, at, ...how }) => {
          const ways = (['told', 'heard', 'taken'] as const).filter((way) => how[way])
          const said = ways.length ? ways.map((way) => t(`given_how_${way}`)) : [t('given_how_seen')]
          const named = refineTitle(title)
          return (
            <li>
              {href ? <a href={href}>{named}</a> : named}
              <br />
              <small>
                {date(at)}, {list(said)}
              </small>
            </li>
          )
        })}
      </ul>
      {(older || newer) && (
        <p class="ways">
          {newer && <a href={newer}>{t('newer')}</a>}
          {older && <a href={older}>{t('older')}</a>}
        </p>
      )}
    </section>
  )
}
