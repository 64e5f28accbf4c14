import type { Context } from 'hono'
import { type Artist, StudioPage, type WebEnv } from '../../domains/identity/index.ts'
import { formats } from '../../platform/i18n/index.ts'
import { contrast, fromHex } from '../../ui/colour/convert.ts'
import { cssColour } from '../../ui/colour/css.ts'
import { PAIRINGS, type Scheme, type Theme } from '../../ui/colour/theme.types.ts'
import { Button, Field, Radios } from '../../ui/forms.tsx'
import { type Choice, SCHEMES } from './choice.rules.ts'
import { words } from './words.ts'

type Props = {
  c: Context<WebEnv>
  artist: Artist
  choice: Choice
  theme: Theme
  /** The sleeve's own accent, to begin from. */
  suggested: string
  kept: boolean
}

export const ThemePage = ({ c, artist, choice, theme, suggested, kept }: Props) => {
  const page = c.get('page')
  const t = words(page.lang)
  const path = `/studio/artist/theme?desk=${encodeURIComponent(artist.slug)}`
  return (
    <StudioPage
      c={c}
      title={t('title', { name: artist.name })}
      artistId={artist.id}
      foot="/studio/artist"
      notice={kept ? t('kept') : undefined}
      scripts={['islands/theme.js']}
      wide
    >
      <h1>{t('title', { name: artist.name })}</h1>
      <p class="lead">{t('lead')}</p>
      <div
        class="theme-tuning"
        style="display:grid;gap:2rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr))"
        data-island="theme"
      >
        <form method="post" action={path}>
          <Radios
            name="pairing"
            label={t('pairing')}
            value={choice.pairing ?? 'sleeve'}
            options={PAIRINGS.map((name) => ({
              value: name,
              label: t(`pairing_${name}`),
              hint: t(`pairing_${name}_hint`),
            }))}
          />
          <Radios
            name="scheme"
            label={t('scheme')}
            value={choice.scheme ?? 'auto'}
            options={SCHEMES.map((name) => ({ value: name, label: t(`scheme_${name}`) }))}
          />
          <Radios
            name="accentFrom"
            label={t('accent_from')}
            value={choice.accent ? 'own' : 'sleeve'}
            options={[
              { value: 'sleeve', label: t('accent_sleeve') },
              { value: 'own', label: t('accent_own') },
            ]}
          />
          <Field name="accent" type="color" label={t('accent')} value={choice.accent ?? suggested} />
          <div data-said="" role="status">
            <Said choice={choice} theme={theme} lang={page.lang} />
          </div>
          <input type="hidden" name="desk" value={artist.slug} />
          <p class="actions">
            <Button>{t('keep')}</Button>
            <Button kind="plain" formmethod="get" formaction="/studio/artist/theme" data-try="">
              {t('try')}
            </Button>
            <a href="/studio/artist">{t('back')}</a>
          </p>
        </form>
        <div class="preview">
          <iframe
            src={previewPath(artist.slug, choice)}
            title={t('preview')}
            style="inline-size:100%;block-size:44rem;max-block-size:80vh"
          />
        </div>
      </div>
    </StudioPage>
  )
}

/** The artist's own page, dressed as is being tried. */
const previewPath = (slug: string, { pairing, scheme, accent }: Choice): string => {
  const params = new URLSearchParams({ preview: '1', ...(pairing && { pairing }), ...(scheme && { scheme }) })
  if (accent) {
    params.set('accentFrom', 'own')
    params.set('accent', accent)
  }
  return `/${encodeURIComponent(slug)}?${params}`
}

/** What became of the chosen colour, and how well it can be read. */
const Said = ({ choice, theme, lang }: { choice: Choice; theme: Theme; lang: 'en' | 'fr' }) => {
  const t = words(lang)
  const { number } = formats(lang)
  const chosen = choice.accent ? fromHex(choice.accent) : null
  const moved = ({ accent }: Scheme) => chosen !== null && Math.abs(accent[0] - chosen[0]) > 0.015
  const shows = (name: 'light' | 'dark') => theme.scheme === 'auto' || theme.scheme === name
  const [light, dark] = [shows('light') && moved(theme.light), shows('dark') && moved(theme.dark)]
  return (
    <>
      {chosen && <p>{t('adjusted', { where: light && dark ? 'both' : light ? 'light' : dark ? 'dark' : 'none' })}</p>}
      <ul class="plain-list">
        {(['light', 'dark'] as const).filter(shows).map((name) => {
          const { accent, ground } = theme[name]
          return (
            <li>
              <span
                aria-hidden="true"
                style={`display:inline-block;padding:.1em .6em;background:${cssColour(ground)};color:${cssColour(accent)}`}
              >
                <b>Aa</b>
              </span>{' '}
              {t(`contrast_${name}`, { ratio: number(contrast(accent, ground), 1) })}
            </li>
          )
        })}
      </ul>
    </>
  )
}
