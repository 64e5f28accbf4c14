import type { Child } from 'hono/jsx'
import { formats, LANGUAGES, type Lang } from '../../../platform/i18n/index.ts'
import { Button, Checkbox, Form, Radios, Select } from '../../../ui/forms.tsx'
import type { Page } from '../../../ui/page.ts'
import type { Preferences } from '../preferences.views.ts'
import { words } from './words.ts'

/** Offers notices of an artist's or a label's in this browser: the domain that sends them draws it. */
export type Notices = (props: { page: Page; name: string; slug: string }) => Child

/** What they may pass on. */
export type News = { subject: string; title: string }

type Props = {
  page: Page
  fan: Preferences
  action: string
  notice: string | null
  notices: Notices
  /** What else is sent to them, and where each is left. */
  others: { says: string; leave: string }[]
  news: News[]
  titles: ReadonlyMap<string, string>
}

/** Each language by its own name. */
const OWN_NAMES: Record<Lang, string> = { en: 'English', fr: 'Français' }

/** How somebody is written to at one address, by whom, and all that is known of them. */
export const PreferencesBody = ({ page, fan, action, notice, notices: Offer, others, news, titles }: Props) => {
  const t = words(page.lang)
  const { address } = fan
  const following = fan.subscriptions.filter(({ state }) => state !== 'left')
  return (
    <div class="join-page">
      {notice && (
        <p class="notice" role="status">
          {notice}
        </p>
      )}
      <p class="prose">{t('fan_lead', { address })}</p>
      {following.length > 0 && (
        <>
          <Form page={page} action={action}>
            {following.map((one) => (
              <One page={page} one={one} action={action} titles={titles} />
            ))}
            <Select
              name="language"
              label={t('language')}
              value={fan.language}
              options={LANGUAGES.map((value) => ({ value, label: OWN_NAMES[value] }))}
            />
            <Checkbox
              name="recognised"
              label={t('recognise')}
              hint={t('recognise_hint', { name: formats(page.lang).list(following.map(({ name }) => name)) })}
              checked={fan.recognised}
            />
            <Button>{t('save')}</Button>
          </Form>
          {[...new Map(following.map(({ slug, name }) => [slug, name]))].map(([slug, name]) => (
            <Offer page={page} name={name} slug={slug} />
          ))}
          {news.length > 0 && (
            <section class="band">
              <h2>{t('pass_title')}</h2>
              <p class="prose">{t('pass_lead')}</p>
              {news.map(({ subject, title }) => (
                <Form page={page} action={`${action}/share`}>
                  <input type="hidden" name="subject" value={subject} />
                  <Button kind="plain">{t('pass_on', { title })}</Button>
                </Form>
              ))}
            </section>
          )}
        </>
      )}
      {others.map(({ says, leave }) => (
        <>
          <p class="prose">{says}</p>
          <p>
            <Button href={leave} kind="plain">
              {t('leave_other')}
            </Button>
          </p>
        </>
      ))}
      {following.length + others.length > 0 ? (
        <Form page={page} action={`${action}/leave-all`} class="band">
          <h2>{t('leave_all_title')}</h2>
          <p class="prose">{t('leave_all_lead', { address })}</p>
          <Checkbox name="alone" label={t('alone')} />
          <Button kind="plain">{t('leave_all')}</Button>
        </Form>
      ) : (
        <p class="prose">{t('fan_none', { address })}</p>
      )}
      <section class="band">
        <h2>{t('known_title')}</h2>
        <p class="prose">{t('known_lead')}</p>
        {fan.others.length > 0 && <p class="aside">{t('others', { list: formats(page.lang).list(fan.others) })}</p>}
        <p class="ways">
          <Button href={`${action}/export.json`} kind="plain" download="">
            {t('export')}
          </Button>
          <Button href={`${action}/erase`} kind="quiet">
            {t('erase')}
          </Button>
        </p>
      </section>
    </div>
  )
}

type OneProps = Pick<Props, 'page' | 'action' | 'titles'> & { one: Preferences['subscriptions'][number] }

const One = ({ page, one, action, titles }: OneProps) => {
  const t = words(page.lang)
  const { date } = formats(page.lang)
  const { id, name } = one
  return (
    <fieldset class="one">
      <legend>
        <b>{name}</b>, {t(`channel_${one.channel}`)}
      </legend>
      {one.state === 'asked' && <p class="aside">{t('waits')}</p>}
      {one.pausedUntil && <p class="aside">{t('paused', { date: date(one.pausedUntil) })}</p>}
      <Radios
        name={`cadence-${id}`}
        label={t('cadence')}
        value={one.cadence}
        options={[
          { value: 'each', label: t('each') },
          { value: 'weekly', label: t('weekly') },
        ]}
      />
      <Select
        name={`pause-${id}`}
        label={t('pause')}
        value={one.pausedUntil ? 'keep' : 'none'}
        options={[
          ...(one.pausedUntil ? [{ value: 'keep', label: t('pause_keep', { date: date(one.pausedUntil) }) }] : []),
          { value: 'none', label: t('pause_none') },
          { value: 'week', label: t('pause_week') },
          { value: 'month', label: t('pause_month') },
          { value: 'quarter', label: t('pause_quarter') },
        ]}
      />
      {one.follows.map((subject) => {
        const title = titles.get(subject)
        return (
          title && (
            <>
              <p class="aside">{t('each_of', { title })}</p>
              <p>
                <Button kind="plain" name="subject" value={subject} formaction={`${action}/each/${id}`}>
                  {t('leave_each', { title })}
                </Button>
              </p>
            </>
          )
        )
      })}
      <p>
        <Button kind="plain" formaction={`${action}/leave/${id}`}>
          {t('leave_one', { name })}
        </Button>
      </p>
      {one.artistId && one.state === 'active' && (
        <p>
          <a href={`${action}/echo/${one.slug}`}>{t('to_echo', { name })}</a>
        </p>
      )}
    </fieldset>
  )
}

export const EraseBody = ({ page, action }: { page: Page; action: string }) => {
  const t = words(page.lang)
  return (
    <div class="prose">
      <p>{t('erase_lead')}</p>
      <Form page={page} action={`${action}/erase`}>
        <p class="ways">
          <Button kind="danger">{t('erase_button')}</Button>
          <Button href={action} kind="plain">
            {t('how')}
          </Button>
        </p>
      </Form>
    </div>
  )
}
