import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { formats, type Lang } from '../../../../platform/i18n/index.ts'
import { Button, ErrorSummary, Field, type FieldErrors, Form, Select, TextArea } from '../../../../ui/forms.tsx'
import { can, ThingPage, type WebEnv, zoneOptions } from '../../../identity/index.ts'
import { operationPath, seriesPath } from '../../paths.rules.ts'
import { type CloseChoices, CloseForm, type CloseTyped } from '../../studio/closing.tsx'
import { seriesWords, words } from '../../words.ts'
import type { Draft } from '../lay-in.ts'
import { Given } from '../public/series-page.tsx'
import type { Series, SeriesItem, Standing } from '../series.views.ts'
import { momentText, rhythmText } from '../series-text.ts'
import type { SeriesTyped } from './series.form.ts'

/** In what state it is, in a sentence. */
export function seriesSentence(series: Series, lang: Lang): string {
  const t = seriesWords(lang)
  if (series.state === 'closed')
    return t('ended', { at: series.closedAt ? formats(lang).date(series.closedAt, series.timeZone) : '' })
  return t(`state_${series.state}`, { rhythm: rhythmText(series, lang) })
}

const SECTIONS = ['series', 'each', 'close'] as const

type FrameProps = {
  c: Context<WebEnv>
  series: Series
  section: (typeof SECTIONS)[number]
  notice?: Child
  children?: Child
}

export const SeriesFrame = ({ c, series, section, notice, children }: FrameProps) => {
  const { lang } = c.get('page')
  const t = seriesWords(lang)
  return (
    <ThingPage
      c={c}
      heading={series.title || words(lang)('untitled')}
      current="operations"
      artistId={series.artistId}
      back={{ href: '/studio/operations', label: words(lang)('operations') }}
      state={seriesSentence(series, lang)}
      notice={notice}
      sections={{
        label: t('sections'),
        links: SECTIONS.map((one) => ({
          href: seriesPath(series.id, one === 'series' ? '' : one),
          label: t(`section_${one}`),
          current: one === section,
        })),
      }}
    >
      <div class="contest">
        {series.state !== 'draft' && (
          <p class="actions">
            <a href={operationPath(series.artistSlug, series.slug)}>{words(lang)('see_page')}</a>
          </p>
        )}
        {children}
      </div>
    </ThingPage>
  )
}

type FieldsProps = {
  c: Context<WebEnv>
  action: string
  typed: SeriesTyped
  errors?: FieldErrors | undefined
  /** Open: people count on its rhythm. */
  fixed?: boolean
}

export const SeriesForm = ({ c, action, typed, errors, fixed }: FieldsProps) => {
  const page = c.get('page')
  const [t, shared] = [seriesWords(page.lang), words(page.lang)]
  const said = (name: keyof SeriesTyped) => ({ name, value: typed[name], error: errors?.[name] })
  return (
    <Form page={page} action={action} novalidate>
      <ErrorSummary errors={errors} lang={page.lang} />
      <Field
        {...said('title')}
        label={shared('field_title')}
        hint={t('title_hint')}
        maxlength={120}
        autocomplete="off"
        required
      />
      <TextArea {...said('words')} label={t('field_words')} hint={t('words_hint')} rows={6} />
      <Select
        {...said('language')}
        label={shared('field_language')}
        options={[
          { value: 'en', label: shared('lang_en') },
          { value: 'fr', label: shared('lang_fr') },
        ]}
      />
      {fixed ? (
        <p class="quiet">{t('fixed')}</p>
      ) : (
        <>
          <Field {...said('every')} label={t('field_every')} type="number" min={1} max={12} required />
          <Select
            {...said('unit')}
            label={t('field_unit')}
            options={[
              { value: 'week', label: t('unit_week') },
              { value: 'month', label: t('unit_month') },
            ]}
          />
          <Field {...said('firstDay')} label={t('field_first')} hint={t('first_hint')} type="date" required />
          <Field {...said('hour')} label={t('field_hour')} type="time" required />
          <Select {...said('zone')} label={shared('field_zone')} options={zoneOptions()} />
        </>
      )}
      <Field {...said('count')} label={t('field_count')} hint={t('count_hint')} type="number" min={1} max={520} />
      <p class="actions">
        <Button>{shared('save')}</Button>
      </p>
    </Form>
  )
}

type Props = {
  c: Context<WebEnv>
  series: Series
  given: SeriesItem[]
  laid: SeriesItem[]
  drafts: (Draft & { title: string })[]
  followers: number
  standing: Standing
  typed: SeriesTyped
  errors?: FieldErrors | undefined
  /** What went wrong besides the words. */
  problem?: string | undefined
  notice?: Child
  /** How far it was carried on. */
  carried?: Child
}

/** A series where it is made: where it stands, what is laid in, and what its page says. */
export const SeriesPage = (props: Props) => {
  const { c, series, given, standing, typed, errors, problem, notice, carried } = props
  const page = c.get('page')
  const { lang } = page
  const [t, shared] = [seriesWords(lang), words(lang)]
  const mayPublish = can(c.get('actor'), 'journal.publish', { kind: 'artist', artistId: series.artistId })
  return (
    <SeriesFrame c={c} series={series} section="series" notice={notice}>
      <ErrorSummary errors={problem ? { '': problem } : {}} lang={lang} />
      {series.state === 'open' && <Stands {...props} mayPublish={mayPublish} />}
      {series.state !== 'closed' && <LaidIn {...props} />}
      {series.state !== 'draft' && (standing.due > 0 || given.length > 0) && (
        <section>
          <h2>{t('given_title')}</h2>
          <Given {...{ series, given, standing, lang }} aside={(item) => <WentWith item={item} lang={lang} />} />
        </section>
      )}
      {series.state === 'closed' && <CloseWords series={series} lang={lang} />}
      {series.state !== 'closed' && (
        <section>
          <h2>{t('words_title')}</h2>
          <SeriesForm {...{ c, typed, errors }} action={seriesPath(series.id)} fixed={series.state !== 'draft'} />
        </section>
      )}
      {series.state === 'draft' && (
        <section>
          <h2>{shared('open_title')}</h2>
          <p>{t('open_words')}</p>
          {mayPublish ? (
            <Form page={page} action={seriesPath(series.id, 'open')} class="actions">
              <Button>{t('open_button')}</Button>
            </Form>
          ) : (
            <p>{shared('open_may_not')}</p>
          )}
          <Form page={page} action={seriesPath(series.id, 'remove')} class="actions">
            <Button kind="quiet">{shared('remove_draft')}</Button>
          </Form>
        </section>
      )}
      {carried}
    </SeriesFrame>
  )
}

/** What comes next and how long what is laid in lasts; the last one that is missing can be made up for. */
const Stands = ({ c, series, given, laid, standing, followers, mayPublish }: Props & { mayPublish: boolean }) => {
  const page = c.get('page')
  const t = seriesWords(page.lang)
  const { next, due, streak, isLow, ready } = standing
  const first = laid.find(({ lacks }) => lacks !== 'removed')
  const isMissing = due > 0 && !given.some(({ number }) => number === due)
  return (
    <section>
      <h2>{t('next_title')}</h2>
      <p>{next ? t('next', { n: next.number, at: momentText(series, next.number, page.lang) }) : t('next_none')}</p>
      {due > 0 && <p>{t('streak', { n: streak })}</p>}
      <p>
        {t('followers', { n: followers })} {t(`told_${series.notice ?? 'none'}`)}{' '}
        <a href={seriesPath(series.id, 'each')}>{t('section_each')}</a>
      </p>
      {isLow && next && <p class="aside">{t('low', { n: ready })}</p>}
      {isMissing && first && mayPublish && (
        <Form page={page} action={seriesPath(series.id, 'give')} class="actions">
          <Button kind="plain">{t('give_now', { n: due, title: first.title || words(page.lang)('untitled') })}</Button>
        </Form>
      )}
    </section>
  )
}

/** Where what went with one is: what people were told of it, and what it is in the shop. */
const WentWith = ({ item: { announcementId, productId }, lang }: { item: SeriesItem; lang: Lang }) => {
  const t = seriesWords(lang)
  if (!announcementId && !productId) return null
  return (
    <p>
      {announcementId && <a href={`/studio/announcements/${announcementId}`}>{t('its_notice')}</a>}
      {announcementId && productId && ' · '}
      {productId && <a href={`/studio/shop/${productId}`}>{t('its_product')}</a>}
    </p>
  )
}

const LaidIn = ({ c, series, laid, drafts, standing }: Props) => {
  const page = c.get('page')
  const { lang } = page
  const [t, untitled] = [seriesWords(lang), words(lang)('untitled')]
  const from = standing.next?.number ?? null
  const moved = (id: string) => (c.req.query('moved') === id ? c.req.query('by') : undefined)
  return (
    <section id="laid">
      <h2>{t('laid_title')}</h2>
      {laid.length === 0 ? (
        <p>{t('laid_none')}</p>
      ) : (
        <ol class="lines plain">
          {laid.map((item, at) => {
            const title = item.title || untitled
            const number = from === null ? null : from + at
            const isToCome = number !== null && (series.count === null || number <= series.count)
            const isEdge = { up: at === 0, down: at === laid.length - 1 }
            // At the edge the button that was pressed is gone: the other one takes the focus.
            const by = moved(item.id)
            const focus = by === 'up' ? (isEdge.up ? 'down' : 'up') : by === 'down' ? (isEdge.down ? 'up' : 'down') : by
            return (
              <li id={`item-${item.id}`}>
                <span>
                  <b>
                    <a href={`/studio/${item.kind === 'release' ? 'music' : 'journal'}/${item.of}`}>{title}</a>
                  </b>
                  <small>
                    {isToCome ? t('planned', { n: number, at: momentText(series, number, lang) }) : t('beyond')}
                    {item.lacks && <> · {t(`lacks_${item.lacks}`)}</>}
                    {!item.lacks && item.isPublic && <> · {t('is_public')}</>}
                    {item.problem && <> · {t('missed_its_hour')}</>}
                  </small>
                </span>
                <Form page={page} action={seriesPath(series.id, 'order')} style="display:flex">
                  {(['up', 'down'] as const).map((step) => (
                    <Button
                      kind="quiet"
                      name="move"
                      value={`${item.id}:${step}`}
                      aria-label={t(`move_${step}`, { title })}
                      disabled={isEdge[step]}
                      autofocus={focus === step}
                    >
                      {step === 'up' ? '↑' : '↓'}
                    </Button>
                  ))}
                  <Button kind="quiet" name="move" value={`${item.id}:out`} aria-label={t('out_named', { title })}>
                    {t('out')}
                  </Button>
                </Form>
              </li>
            )
          })}
        </ol>
      )}
      {drafts.length > 0 ? (
        <Form page={page} action={seriesPath(series.id, 'lay-in')}>
          <Select
            name="draft"
            label={t('field_draft')}
            hint={t('draft_hint')}
            options={drafts.map(({ kind, id, title }) => ({
              value: `${kind}:${id}`,
              label: t(`draft_${kind}`, { title: title || untitled }),
            }))}
          />
          <p class="actions">
            <Button kind="plain">{t('lay_in')}</Button>
          </p>
        </Form>
      ) : (
        <p class="quiet">{t('drafts_none')}</p>
      )}
    </section>
  )
}

const CloseWords = ({ series: { followUp, followUpWords }, lang }: { series: Series; lang: Lang }) => (
  <p>{words(lang)(followUp === 'none' ? 'closed_none' : 'closed_words', { words: followUpWords })}</p>
)

type CloseProps = CloseChoices & {
  c: Context<WebEnv>
  series: Series
  people: number
  typed?: CloseTyped | undefined
  errors?: FieldErrors | undefined
  notice?: Child
}

/** Closing it: nothing more is given, and its page says what comes after. */
export const SeriesClosePage = ({ c, series, people, notice, ...rest }: CloseProps) => {
  const { lang } = c.get('page')
  const shared = words(lang)
  return (
    <SeriesFrame c={c} series={series} section="close" notice={notice}>
      {series.state === 'draft' && <p>{shared('close_draft')}</p>}
      {series.state === 'closed' && <CloseWords series={series} lang={lang} />}
      {series.state === 'open' && (
        <CloseForm
          {...{ ...rest, c }}
          of={series}
          action={seriesPath(series.id, 'close')}
          people={people}
          giftLabel={seriesWords(lang)('field_gift')}
          lead={<p class="lead">{seriesWords(lang)('close_lead', { n: people })}</p>}
        />
      )}
    </SeriesFrame>
  )
}
