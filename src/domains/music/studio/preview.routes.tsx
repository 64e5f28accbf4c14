import { Hono } from 'hono'
import type { Platform } from '../../../platform/platform.ts'
import { guard, type WebEnv } from '../../identity/index.ts'
import { PREVIEW_PARAMETER } from '../paths.rules.ts'
import { words } from '../words.ts'
import { ReleaseFrame } from './release-frame.tsx'
import { artistOfRelease, ID, releaseOf } from './things.ts'

/** The public page as it will be, in a frame of a phone's width: the site itself, so that nothing is drawn twice. */
export function previewRoutes(platform: Platform): Hono<WebEnv> {
  return new Hono<WebEnv>().get(
    `/studio/music/:id{${ID}}/preview`,
    guard('music.edit', artistOfRelease(platform)),
    async (c) => {
      const release = await releaseOf(c, platform)
      if (!release) return c.notFound()
      const t = words(c.get('page').lang)
      const href = `${release.path}?${PREVIEW_PARAMETER}=1`
      return c.html(
        <ReleaseFrame c={c} release={release} section="preview">
          <p class="lead">
            {t('preview_words')} <a href={href}>{t('preview_open')}</a>
          </p>
          <div class="preview" style="max-width:26rem">
            <iframe src={href} title={t('preview_title', { title: release.title })} loading="lazy" />
          </div>
        </ReleaseFrame>,
      )
    },
  )
}
