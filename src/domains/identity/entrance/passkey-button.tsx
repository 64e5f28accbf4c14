import type { Page } from '../../../ui/page.ts'
import { words } from './words.ts'

type PasskeyButtonProps = {
  page: Page
  /** Adding one to the account that is signed in, or signing in with one. */
  does: 'add' | 'use'
  /** Where to go once it is done. */
  next: string
  kind?: 'main' | 'plain'
}

/** The button of a passkey ceremony. Hidden until its script finds that this browser can do it. */
export const PasskeyButton = ({ page, does, next, kind = 'plain' }: PasskeyButtonProps) => {
  const t = words(page.lang)
  const says = {
    stopped: t('passkey_stopped'),
    there: t('passkey_there'),
    failed: t('passkey_failed'),
    lost: t('passkey_lost'),
    waiting: t('passkey_waiting'),
  }
  return (
    <div
      data-island="passkey"
      data-when="idle"
      data-src={page.assets('islands/passkey.js')}
      data-props={JSON.stringify({ does, next, says })}
      hidden
      style="margin-top:var(--s5)"
    >
      {does === 'use' && <p class="hint">{t('or_passkey')}</p>}
      <button type="button" class={`button ${kind}`}>
        {t(does === 'add' ? 'add_passkey' : 'use_passkey')}
      </button>
      <p class="hint" role="status" data-says="" />
    </div>
  )
}

export const PASSKEY_SCRIPT = 'islands/passkey.js'
