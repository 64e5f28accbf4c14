import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { Button, ErrorSummary, Field, type FieldErrors, Form, Select, TextArea } from '../../../ui/forms.tsx'
import type { Artist } from '../artists.views.ts'
import { LANGUAGE_OPTIONS } from '../entrance/pages.tsx'
import type { WebEnv } from '../guard.ts'
import { can } from '../rights.rules.ts'
import { StudioPage } from '../studio-page.tsx'
import type { ShownPicture } from './directory.views.ts'
import { writeLinks } from './inputs.rules.ts'
import type { Typed } from './inputs.ts'
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
  const value = (name: string, saved: string) => typed?.[name] ?? saved
  return (
    <StudioPage c={c} title={t('artist_title')} foot="/studio/artist" artistId={artist.id} notice={notice}>
      <h1>{artist.name}</h1>
      <ErrorSummary errors={errors} lang={page.lang} />
      <section>
        <Form page={page} action={path} files novalidate>
          <Field name="name" label={t('name')} value={value('name', artist.name)} error={errors?.['name']} required />
          <Field
            name="sortName"
            label={t('sort_name')}
            hint={t('sort_name_hint')}
            value={value('sortName', artist.sortName)}
            error={errors?.['sortName']}
          />
          <TextArea
            name="biography"
            label={t('biography')}
            hint={t('biography_hint')}
            value={value('biography', artist.biography)}
            error={errors?.['biography']}
            rows={8}
            lang={artist.language}
          />
          <TextArea
            name="places"
            label={t('places')}
            hint={t('places_hint')}
            value={value('places', artist.places.join('\n'))}
            error={errors?.['places']}
            rows={3}
          />
          <TextArea
            name="links"
            label={t('links')}
            hint={t('links_hint')}
            value={value('links', writeLinks(artist.links))}
            error={errors?.['links']}
            rows={4}
            spellcheck="false"
          />
          <Select
            name="language"
            label={t('language')}
            value={value('language', artist.language)}
            options={LANGUAGE_OPTIONS}
          />
          <PictureFields c={c} label={t('portrait')} picture={picture} errors={errors} />
          <p class="actions">
            <Button>{t('save')}</Button>
            <Button kind="plain" href={`/${artist.slug}`}>
              {t('see_page')}
            </Button>
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
        {can(c.get('actor'), 'artist.people', thing) && <a href={`${path}/people`}>{t('people')}</a>}
        <a href={`${path}/history`}>{t('history')}</a>
      </p>
    </StudioPage>
  )
}
