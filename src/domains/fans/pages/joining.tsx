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
export const ThanksBody = ({ page, whose, by }: Here & { by: { channel: 'mail' | 'sms'; address: string }[] }) => {
  const t = words(page.lang)
  const { name } = whose
  return (
    <div class="prose">
      {by.map(({ channel, address }) => (
        <p role="status">{t(`thanks_${channel}`, { name, address })}</p>
      ))}
      <p class="aside">{t('thanks_again')}</p>
      <p class="ways">
        <Button href={whosePath(whose)} kind="plain">
          {t('back_to', { name })}
        </Button>
      </p>
    </div>
  )
}

type ConfirmProps = Here & {
  action: string
  address: string
  channel: 'mail' | 'sms'
  /** Asked for when they signed up; they may take it back here. */
  recognised: boolean
  /** This browser is the one that signed up: the page sends itself. */
  auto: boolean
}

/** The question, and the one button that answers it. */
export const ConfirmBody = ({ page, whose, action, address, channel, recognised, auto }: ConfirmProps) => {
  const t = words(page.lang)
  const { name } = whose
  const form = (
    <Form page={page} action={action}>
      {recognised && <Checkbox name="recognised" label={t('recognise')} hint={t('recognise_hint', { name })} checked />}
      <Button>{t('confirm_button')}</Button>
    </Form>
  )
  return (
    <div class="join-page">
      <p class="prose">{t(`confirm_lead_${channel}`, { address, name })}</p>
      {auto ? (
        <div data-island="confirm" data-src={page.assets('islands/confirm.js')}>
          <p class="aside js">{t('confirm_auto')}</p>
          {form}
        </div>
      ) : (
        form
      )}
      <p class="aside">{t('confirm_else')}</p>
    </div>
  )
}

export const ConfirmedBody = ({
  page,
  whose,
  address,
  preferences,
}: Here & { address: string; preferences: string }) => {
  const t = words(page.lang)
  const { name } = whose
  return (
    <div class="prose">
      <p role="status">{t('confirmed_lead', { name, address })}</p>
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
}: Here & { action: string; address: string; preferences: string }) => {
  const t = words(page.lang)
  const { name } = whose
  return (
    <div class="prose">
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
