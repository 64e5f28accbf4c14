import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { digestOf } from '../../../platform/signing.ts'
import {
  Button,
  ErrorSummary,
  Field,
  type FieldErrors,
  Form,
  SAVING,
  SavedAsOneGoes,
  Select,
  TextArea,
} from '../../../ui/forms.tsx'
import type { Artist } from '../artists.views.ts'
import { LANGUAGE_OPTIONS } from '../entrance/pages.tsx'
import type { WebEnv } from '../guard.ts'
import { OwnersLinks } from '../removal/owners-links.tsx'
import { can } from '../rights.rules.ts'
import { StudioPage } from '../studio-page.tsx'
import { zoneOptions } from '../zones.ts'
import type { ShownPicture } from './directory.views.ts'
import { artistFields, type Typed } from './inputs.ts'
import { AddressForm, PictureFields } from './parts.tsx'
import { words } from './words.ts'

type Props = {
  c: Context<WebEnv>
  artist: Artist
  picture: ShownPicture | null
  notice?: Child
  errors?: FieldErrors
  typed?: Typed
  address?: { typed: string; error: string }
}

/** What an artist's public page says of them. */
export const ArtistPage = ({ c, artist, picture, notice, errors, typed, address }: Props) => {
  const page = c.get('page')
  const t = words(page.lang)
  const path = `/studio/artists/${artist.id}`
  const thing = { kind: 'artist', artistId: artist.id } as const
  const now = artistFields(artist)
  const of = (name: keyof typeof now) => ({ name, value: typed?.[name] ?? now[name], error: errors?.[name] })
  return (
    <StudioPage
      c={c}
      title={t('artist_title')}
      foot="/studio/artist"
      artistId={artist.id}
      notice={notice}
      scripts={[SAVING]}
    >
      <h1>{artist.name}</h1>
      <ErrorSummary errors={errors} lang={page.lang} />
      <section>
        <Form page={page} action={path} files novalidate>
          <input type="hidden" name="seen" value={digestOf(now)} />
          <Field {...of('name')} label={t('name')} required />
          <Field {...of('sortName')} label={t('sort_name')} hint={t('sort_name_hint')} />
          <TextArea
            {...of('biography')}
            label={t('biography')}
            hint={t('biography_hint')}
            rows={8}
            lang={artist.language}
          />
          <TextArea {...of('places')} label={t('places')} hint={t('places_hint')} rows={3} />
          <TextArea {...of('links')} label={t('links')} hint={t('links_hint')} rows={4} spellcheck="false" />
          <Select {...of('language')} label={t('language')} options={LANGUAGE_OPTIONS} />
          <Select {...of('timeZone')} label={t('time_zone')} hint={t('time_zone_hint')} options={zoneOptions()} />
          <PictureFields c={c} label={t('portrait')} picture={picture} errors={errors} />
          <p class="actions">
            <Button>{t('save')}</Button>
            <Button kind="plain" href={`/${artist.slug}`}>
              {t('see_page')}
            </Button>
            <SavedAsOneGoes lang={page.lang} />
          </p>
        </Form>
      </section>
      <AddressForm
        c={c}
        action={`${path}/address`}
        slug={artist.slug}
        {...(address && { typed: address.typed, error: address.error })}
      />
      <p class="actions">
        <a href={`/studio/artist/theme?desk=${encodeURIComponent(artist.slug)}`}>{t('theme')}</a>
        <a href={`/studio/artist/feeds?desk=${encodeURIComponent(artist.slug)}`}>{t('feeds')}</a>
        {can(c.get('actor'), 'artist.people', thing) && <a href={`${path}/people`}>{t('people')}</a>}
        <a href={`${path}/history`}>{t('history')}</a>
        <OwnersLinks c={c} kind="artist" id={artist.id} />
      </p>
    </StudioPage>
  )
}
