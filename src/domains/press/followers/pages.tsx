import { Button, Form } from '../../../ui/forms.tsx'
import type { Page } from '../../../ui/page.ts'
import { ByItself } from '../../fans/index.ts'
import { words } from '../words.ts'

type Here = { page: Page; name: string; address: string }

/** What happens next, and what not. */
export const AskedBody = ({ page, name, address, back }: Here & { back: string }) => {
  const t = words(page.lang)
  return (
    <div class="prose">
      <p role="status">{t('followed_asked', { name, address })}</p>
      <p class="aside">{t('followed_again')}</p>
      <p class="ways">
        <Button href={back} kind="plain">
          {t('followed_back')}
        </Button>
      </p>
    </div>
  )
}

/** The question, and the one button that answers it. */
export const FollowQuestion = ({ page, name, address, auto }: Here & { auto: boolean }) => {
  const t = words(page.lang)
  return (
    <div class="join-page">
      <p class="prose">{t('follow_question', { name, address })}</p>
      <ByItself {...{ page, auto }}>
        <Form page={page} action={page.path}>
          <Button>{t('ask_follow_button')}</Button>
        </Form>
      </ByItself>
      <p class="aside">{t('ask_follow_else')}</p>
    </div>
  )
}

export const FollowingBody = ({ page, name, address, leave }: Here & { leave: string }) => {
  const t = words(page.lang)
  return (
    <div class="prose">
      <p role="status">{t('following', { name, address })}</p>
      <p class="ways">
        <Button href={leave} kind="quiet">
          {t('momentum_leave_link')}
        </Button>
      </p>
    </div>
  )
}

export const LeaveQuestion = ({ page, name, address, kept }: Here & { kept: string }) => {
  const t = words(page.lang)
  return (
    <div class="prose">
      <p>{t('leave_question', { name, address })}</p>
      <Form page={page} action={page.path}>
        <input type="hidden" name="by" value="button" />
        <Button>{t('leave_button')}</Button>
      </Form>
      <p>
        <a href={kept}>{t('momentum_kept_link')}</a>
      </p>
    </div>
  )
}
