import type { Child } from 'hono/jsx'
import { Button, Checkbox, Form } from '../../../ui/forms.tsx'
import type { Page } from '../../../ui/page.ts'
import { type Whose, whosePath } from '../whose.views.ts'
import { followPath, JoinForm, type JoinFormProps } from './join-form.tsx'
import { words } from './words.ts'

type Here = { page: Page; whose: Whose }

export const FollowBody = (props: JoinFormProps) => (
  <div class="join-page">
    <p class="prose">{words(props.page.lang)('form_lead', { name: props.name })}</p>
    <JoinForm {...props} />
  </div>
)

/** What happens next, and what not. */
export const ThanksBody = ({
  page,
  whose,
  by,
  back = { title: whose.name, path: whosePath(whose) },
}: Here & {
  by: { channel: 'mail' | 'sms'; address: string }[]
  back?: { title: string; path: string } | undefined
}) => {
  const t = words(page.lang)
  const { name } = whose
  return (
    <div class="prose">
      {by.map(({ channel, address }) => (
        <p role="status">{t(`thanks_${channel}`, { name, address })}</p>
      ))}
      <p class="aside">{t('thanks_again')}</p>
      <p class="ways">
        <Button href={back.path} kind="plain">
          {t('back_to', { name: back.title })}
        </Button>
      </p>
    </div>
  )
}

/** A series of which somebody is told each time. */
export type Followed = { subject: string; title: string; path: string }

type ConfirmProps = Here & {
  action: string
  address: string
  channel: 'mail' | 'sms'
  /** They are told already, of what is new: this is about each of a series. */
  isActive: boolean
  follows: { title: string } | undefined
  /** Asked for when they signed up; they may take it back here. */
  recognised: boolean
  /** This browser is the one that signed up: the page sends itself. */
  auto: boolean
}

/** A form that sends itself once somebody looks at it, where `auto`; else it waits for a press. */
export const ByItself = ({ page, auto, children }: { page: Page; auto: boolean; children?: Child }): Child =>
  auto ? (
    <div data-island="confirm" data-src={page.assets('islands/confirm.js')}>
      <p class="aside js">{words(page.lang)('confirm_auto')}</p>
      {children}
    </div>
  ) : (
    children
  )

/** The question, and the one button that answers it. */
export const ConfirmBody = (props: ConfirmProps) => {
  const { page, whose, action, address, channel, isActive, follows, recognised, auto } = props
  const t = words(page.lang)
  const { name } = whose
  const form = (
    <Form page={page} action={action}>
      {recognised && <Checkbox name="recognised" label={t('recognise')} hint={t('recognise_hint', { name })} checked />}
      <Button>{t(isActive ? 'confirm_each_button' : 'confirm_button')}</Button>
    </Form>
  )
  return (
    <div class="join-page">
      {!isActive && <p class="prose">{t(`confirm_lead_${channel}`, { address, name })}</p>}
      {follows && <p class="prose">{t('confirm_lead_each', { address, name, title: follows.title })}</p>}
      <ByItself {...{ page, auto }}>{form}</ByItself>
      <p class="aside">{t('confirm_else')}</p>
    </div>
  )
}

export const ConfirmedBody = ({
  page,
  whose,
  address,
  preferences,
  followings,
}: Here & { address: string; preferences: string; followings: Followed[] }) => {
  const t = words(page.lang)
  const { name } = whose
  return (
    <div class="prose">
      <p role="status">{t('confirmed_lead', { name, address })}</p>
      {followings.map(({ title, path }) => (
        <p>
          {t('confirmed_each')} <a href={path}>{title}</a>
        </p>
      ))}
      <p class="ways">
        <Button href={whosePath(whose)}>{t('back_to', { name })}</Button>
        <Button href={preferences} kind="plain">
          {t('how')}
        </Button>
      </p>
    </div>
  )
}

export const LeftSinceBody = ({ page, whose }: Here) => {
  const t = words(page.lang)
  return (
    <div class="prose">
      <p>{t('left_since_lead', { name: whose.name })}</p>
      <p class="ways">
        <Button href={followPath(whose.slug)}>{t('sign_up_again')}</Button>
      </p>
    </div>
  )
}

export const GoneBody = ({ page }: { page: Page }) => <p class="prose">{words(page.lang)('gone_lead')}</p>

export const LeaveBody = ({
  page,
  whose,
  action,
  address,
  preferences,
  followings,
}: Here & { action: string; address: string; preferences: string; followings: Followed[] }) => {
  const t = words(page.lang)
  const { name } = whose
  return (
    <div class="prose">
      {followings.map(({ subject, title }) => (
        <Form page={page} action={`${action}/each`}>
          <input type="hidden" name="subject" value={subject} />
          <p>{t('leave_each_lead', { title, name })}</p>
          <p class="ways">
            <Button kind="plain">{t('leave_each', { title })}</Button>
          </p>
        </Form>
      ))}
      <p>{t('leave_lead', { name, address })}</p>
      <Form page={page} action={action}>
        <input type="hidden" name="by" value="button" />
        <p class="ways">
          <Button>{t('leave_button')}</Button>
        </p>
      </Form>
      <p class="aside">{t('leave_or')}</p>
      <p>
        <a href={preferences}>{t('how')}</a>
      </p>
    </div>
  )
}

export const LeftBody = ({ page, whose, address, preferences }: Here & { address: string; preferences: string }) => {
  const t = words(page.lang)
  return (
    <div class="prose">
      <p role="status">{t('left_lead', { name: whose.name, address })}</p>
      <p class="ways">
        <Button href={followPath(whose.slug)} kind="plain">
          {t('sign_up_again')}
        </Button>
        <Button href={preferences} kind="quiet">
          {t('how')}
        </Button>
      </p>
    </div>
  )
}

/** No more of a series; what else they are told stays. */
export const LeftEachBody = ({
  page,
  whose,
  address,
  preferences,
  follows,
}: Here & { address: string; preferences: string; follows: Followed }) => {
  const t = words(page.lang)
  return (
    <div class="prose">
      <p role="status">{t('left_each_lead', { title: follows.title, name: whose.name, address })}</p>
      <p class="ways">
        <Button href={follows.path} kind="plain">
          {t('back_to', { name: follows.title })}
        </Button>
        <Button href={preferences} kind="quiet">
          {t('how')}
        </Button>
      </p>
    </div>
  )
}
