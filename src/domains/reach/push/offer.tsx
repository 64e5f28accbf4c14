import type { Page } from '../../../ui/page.ts'
import { pushWords } from '../words.ts'

/** Offers notices in this browser: nothing is seen where there is no script or no push, and nothing is asked before the press. */
export const PushOffer = ({
  page,
  name,
  slug,
}: {
  page: Pick<Page, 'lang' | 'assets'>
  name: string
  slug: string
}) => {
  const t = pushWords(page.lang)
  const said = { joined: t('joined'), denied: t('denied'), failed: t('failed'), left: t('left') }
  return (
    <div
      data-island="push"
      data-src={page.assets('islands/push.js')}
      data-when="idle"
      data-props={JSON.stringify({ slug: encodeURIComponent(slug), lang: page.lang, said })}
    >
      <div data-offer="" hidden>
        <p class="aside">{t('consent', { name })}</p>
        <button type="button" class="button plain" data-join="">
          {t('join')}
        </button>
        <button type="button" class="button plain" data-leave="" hidden>
          {t('leave')}
        </button>
      </div>
      <p class="aside" data-install="" hidden>
        {t('install')}
      </p>
      <p aria-live="polite" data-said="" />
    </div>
  )
}
