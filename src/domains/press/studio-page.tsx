import type { Context } from 'hono'
import { formats } from '../../platform/i18n/index.ts'
import { Button, Checkbox, ErrorSummary, Field, type FieldErrors, Form, Select, TextArea } from '../../ui/forms.tsx'
import { StudioPage, type WebEnv, zoneAt } from '../identity/index.ts'
import type { ReleaseCard } from '../music/index.ts'
import { FiguresAsked } from './figures-asked.tsx'
import { pressPath } from './paths.ts'
import type { PressLink, PressPage } from './press.views.ts'
import type { Facts, ProofKind } from './proofs.rules.ts'
import type { Proof } from './proofs.views.ts'
import { words } from './words.ts'

type Props = {
  c: Context<WebEnv>
  artist: { id: string; slug: string; name: string }
  said: PressPage
  /** What was agreed to, as it stands on the page. */
  shown: Proof[]
  /** Each figure as it would be today. */
  figures: { kind: ProofKind; facts: Facts }[]
  releases: ReleaseCard[]
  links: (PressLink & { href: string })[]
  /** How many follow it. */
  followers: number
  madeFor: string
  notice: string | null
  errors: FieldErrors | undefined
  now: Date
}

export const StudioPress = (props: Props) => {
  const { c, artist, said, shown, figures, releases, notice } = props
  const { page } = c.var
  const t = words(page.lang)
  return (
    <StudioPage c={c} title={t('studio_title')} artistId={artist.id} foot="/studio/press" notice={notice}>
      <h1>{t('studio_title')}</h1>
      <p class="lead">{t('studio_lead')}</p>
      {said.isPublic && (
        <p class="lead">
          <a href={pressPath(artist.slug)}>{t('see')}</a>
        </p>
      )}
      <Form page={page} action="/studio/press" novalidate>
        <TextArea
          name="shortWords"
          label={t('short')}
          hint={t('short_hint')}
          value={said.shortWords}
          rows={4}
          style="min-height:4lh"
          maxlength={1000}
        />
        <p class="lead">
          {t('long_hint')} <a href="/studio/artist">{t('long_link')}</a>
        </p>
        <Field
          name="pictureCredit"
          label={t('picture_credit')}
          hint={t('picture_credit_hint')}
          value={said.pictureCredit}
          maxlength={300}
        />
        <TextArea
          name="contacts"
          label={t('contacts')}
          hint={t('contacts_hint')}
          value={said.contacts}
          rows={4}
          style="min-height:4lh"
        />
        <TextArea
          name="rider"
          label={t('rider')}
          hint={t('rider_hint')}
          value={said.rider}
          rows={8}
          style="min-height:6lh"
        />
        <p class="lead">
          {t('files_lead')} <a href="/studio/press/files">{t('files')}</a>
        </p>
        <FiguresAsked of="artist" {...{ shown, figures }} zone={zoneAt(c, artist.id)} lang={page.lang} />
        <Checkbox name="isPublic" label={t('public')} hint={t('public_hint')} checked={said.isPublic} />
        <Button>{t('save')}</Button>
      </Form>
      {releases.length > 0 && (
        <section>
          <h2>{t('releases')}</h2>
          <p class="lead">{t('releases_lead')}</p>
          <ul class="lines plain">
            {releases.map(({ id, title, date }) => (
              <li>
                <a href={`/studio/press/releases/${id}`}>{title}</a>
                {date && <small>{date.slice(0, 4)}</small>}
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h2>{t('followers')}</h2>
        <p class="lead">
          {t('followers_to')} {t('followers_n', { n: props.followers })}
        </p>
        <p>
          <a href="/studio/press/followers">{t('followers')}</a>
        </p>
      </section>
      <Links {...props} />
    </StudioPage>
  )
}

const Links = ({ c, artist, links, madeFor, errors, now }: Props) => {
  const { page } = c.var
  const t = words(page.lang)
  const { date, dateTime } = formats(page.lang)
  const zone = zoneAt(c, artist.id)
  return (
    <section id="links">
      <h2>{t('links')}</h2>
      <p class="lead">{t('links_lead')}</p>
      <Form page={page} action="/studio/press/links" novalidate>
        <ErrorSummary errors={errors} lang={page.lang} />
        <Field
          name="madeFor"
          label={t('for')}
          hint={t('for_hint')}
          value={madeFor}
          error={errors?.['madeFor']}
          maxlength={200}
        />
        <Select
          name="days"
          label={t('opens_for')}
          value="30"
          options={['7', '30', '90', '365'].map((value) => ({ value, label: t('days', { n: Number(value) }) }))}
        />
        <Button kind="plain">{t('make_link')}</Button>
      </Form>
      <ul class="lines plain">
        {links.map(({ id, madeFor: whom, href, expiresAt, revokedAt, visits, visitedAt }) => {
          const ended = revokedAt ?? (expiresAt <= now ? expiresAt : null)
          return (
            <li>
              <span>
                <b>{whom}</b>
                <small>
                  {ended ? t('ended', { date: date(ended, zone) }) : t('opens_until', { date: date(expiresAt, zone) })}{' '}
                  {t('visits', { n: visits })}
                  {visitedAt && ` ${t('last_visit', { at: dateTime(visitedAt, zone) })}`}
                </small>
                {!ended && <input class="copy" readonly aria-label={t('link_of', { whom })} value={href} />}
              </span>
              {!ended && (
                <Form page={page} action={`/studio/press/links/${id}/revoke`} style="margin:0">
                  <Button kind="quiet" aria-label={t('end_of', { whom })}>
                    {t('end')}
                  </Button>
                </Form>
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
