import { Hono } from 'hono'
import { isId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { Button, Form } from '../../ui/forms.tsx'
import { guard, readForm, StudioPage, smallBody, type WebEnv, zoneAt } from '../identity/index.ts'
import { artistOfRelease, releaseById } from '../music/index.ts'
import { FiguresAsked } from './figures-asked.tsx'
import { linkPath } from './links.store.ts'
import { pressPath, releasePressPath } from './paths.ts'
import { pressLinks, pressPage } from './press.views.ts'
import { PROOFS } from './proofs.rules.ts'
import { readReleaseProof, shownReleaseProofs } from './release-proofs.views.ts'
import { showReleaseFigures } from './show-release-figures.ts'
import { words } from './words.ts'

const AT = '/studio/press/releases/:id'

/** Where an artist says what professionals see of one release, and finds the addresses that lead straight to it. */
export function releaseStudio(platform: Platform): Hono<WebEnv> {
  const { db, now, signer, config } = platform
  const atDesk = guard('artist.edit', artistOfRelease(platform))
  const publicly = async (id: string | undefined) => (isId(id) ? releaseById(db, id, { now: now() }) : null)

  return new Hono<WebEnv>()
    .get(AT, atDesk, async (c) => {
      const release = await publicly(c.req.param('id'))
      if (!release) return c.notFound()
      const { id, artist, slug, title } = release
      const at = now()
      const [said, shown, links, ...figures] = await Promise.all([
        pressPage(db, artist.id),
        shownReleaseProofs(db, id),
        pressLinks(db, artist.id),
        ...PROOFS.map(async (kind) => ({
          kind,
          facts: await readReleaseProof(db, kind, { id, artistId: artist.id }, at),
        })),
      ])
      const { page } = c.var
      const t = words(page.lang)
      const open = links.filter(({ revokedAt, expiresAt }) => !revokedAt && expiresAt > at)
      const notice = c.req.query('done') === 'saved' ? t('saved') : null
      return c.html(
        <StudioPage c={c} title={t('title', { name: title })} artistId={artist.id} foot="/studio/press" notice={notice}>
          <p>
            <a href="/studio/press">{t('studio_title')}</a>
          </p>
          <h1>{title}</h1>
          <p class="lead">{t('release_lead')}</p>
          {said.isPublic && (
            <p class="lead">
              <a href={releasePressPath(pressPath(artist.slug), slug)}>{t('see')}</a>
            </p>
          )}
          <Form page={page} action={`/studio/press/releases/${id}`} novalidate>
            <FiguresAsked of="release" {...{ shown, figures }} zone={zoneAt(c, artist.id)} lang={page.lang} />
            <Button style="margin-top:1.5rem">{t('save')}</Button>
          </Form>
          <section>
            <h2>{t('straight')}</h2>
            <p class="lead">
              {t(open.length ? 'straight_lead' : 'straight_none')} <a href="/studio/press#links">{t('links')}</a>
            </p>
            <ul class="lines plain">
              {open.map((link) => (
                <li>
                  <span>
                    <b>{link.madeFor}</b>
                    <input
                      class="copy"
                      readonly
                      aria-label={t('link_of', { whom: link.madeFor })}
                      value={config.baseUrl + releasePressPath(linkPath(signer, link.id), slug)}
                    />
                  </span>
                </li>
              ))}
            </ul>
          </section>
        </StudioPage>,
      )
    })
    .post(AT, atDesk, smallBody, async (c) => {
      const release = await publicly(c.req.param('id'))
      if (!release) return c.notFound()
      const posted = await readForm(c)
      await showReleaseFigures(platform, {
        artistId: release.artist.id,
        releaseId: release.id,
        proofs: PROOFS.filter((kind) => posted.has(`proof_${kind}`)),
      })
      return c.redirect(`/studio/press/releases/${release.id}?done=saved`, 303)
    })
}
