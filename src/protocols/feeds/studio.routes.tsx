import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import {
  type ArtistSummary,
  currentArtist,
  currentSender,
  guard,
  type SenderAtDesk,
  StudioPage,
  senderHere,
  senderThing,
  type WebEnv,
} from '../../domains/identity/index.ts'
import { artistReleases, releaseById } from '../../domains/music/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { Button, ErrorSummary, Field, type FieldErrors, Form } from '../../ui/forms.tsx'
import { supportOf } from './content.ts'
import { playlistPath, publisherPath, releaseFeedPath, type Support } from './music.ts'
import { readSupport } from './support.rules.ts'
import { words } from './words.ts'

const PATH = '/studio/artist/feeds'
const LABEL_PATH = '/studio/label/feeds'
/** Releases named one by one; the publisher's feed leads to all of them. */
const MOST = 30

/** `/studio/artist/feeds`: the addresses of an artist's feeds, and what they say of giving money. `/studio/label/feeds`: those of a label. */
export function feedsStudio(platform: Pick<Platform, 'db' | 'now' | 'config'>): Hono<WebEnv> {
  const { db, now, config } = platform
  const thingOf = (c: Context<WebEnv>) => {
    const artist = currentArtist(c)
    return artist && ({ kind: 'artist', artistId: artist.id } as const)
  }

  async function page(c: Context<WebEnv>, shown: { typed?: Support; errors?: FieldErrors; saved?: boolean }) {
    const artist = currentArtist(c) as ArtistSummary
    const cards = (await artistReleases(db, artist.id, now())).filter(({ isOwn }) => isOwn).slice(0, MOST)
    const releases = (await Promise.all(cards.map(({ id }) => releaseById(db, id, { now: now() })))).flatMap(
      (release) => release ?? [],
    )
    return (
      <FeedsPage
        c={c}
        artist={artist}
        base={config.baseUrl}
        releases={releases.map(({ title, path }) => ({ title, path: releaseFeedPath(path) }))}
        support={shown.typed ?? (await supportOf(platform, artist.id))}
        errors={shown.errors}
        saved={shown.saved ?? false}
      />
    )
  }

  const labelOf = (c: Context<WebEnv>) => {
    const own = currentSender(c)
    return own && 'labelId' in own.sender ? senderThing(own.sender) : null
  }

  return new Hono<WebEnv>()
    .get(LABEL_PATH, guard('label.edit', labelOf), (c) =>
      c.html(<LabelFeedsPage c={c} label={senderHere(c)} base={config.baseUrl} />),
    )
    .get(PATH, guard('artist.edit', thingOf), async (c) =>
      c.html(await page(c, { saved: c.req.query('saved') === '1' })),
    )
    .post(PATH, bodyLimit({ maxSize: 8_192 }), guard('artist.edit', thingOf), async (c) => {
      const artist = currentArtist(c) as ArtistSummary
      const form = await c.req.parseBody()
      const text = (name: string) => (typeof form[name] === 'string' ? form[name].trim() : '')
      const typed = { fundingUrl: text('fundingUrl'), fundingWords: text('fundingWords'), lightning: text('lightning') }
      const { support, wrong } = readSupport(typed)
      if (wrong.length > 0) {
        const t = words(c.get('page').lang)
        return c.html(
          await page(c, { typed, errors: Object.fromEntries(wrong.map((name) => [name, t(`wrong_${name}`)])) }),
          422,
        )
      }
      await db
        .insertInto('feedSupport')
        .values({ artistId: artist.id, ...support })
        .onConflict((conflict) => conflict.column('artistId').doUpdateSet(support))
        .execute()
      return c.redirect(`${PATH}?${new URLSearchParams({ desk: artist.slug, saved: '1' })}`, 303)
    })
}

type FeedsPageProps = {
  c: Context<WebEnv>
  artist: ArtistSummary
  base: string
  releases: { title: string; path: string }[]
  support: Support
  errors: FieldErrors | undefined
  saved: boolean
}

const FeedsPage = ({ c, artist, base, releases, support, errors, saved }: FeedsPageProps) => {
  const page = c.get('page')
  const t = words(page.lang)
  const music = [
    { label: t('feed_publisher'), path: publisherPath(artist.slug) },
    { label: t('feed_playlist'), path: playlistPath(artist.slug) },
    ...releases.map(({ title, path }) => ({ label: title, path })),
  ]
  return (
    <StudioPage
      c={c}
      title={t('feeds_title')}
      foot="/studio/artist"
      artistId={artist.id}
      notice={saved ? t('feeds_saved') : undefined}
    >
      <p>
        <a href={`/studio/artist?desk=${encodeURIComponent(artist.slug)}`}>{artist.name}</a>
      </p>
      <h1>{t('feeds_title')}</h1>
      <p class="lead">{t('feeds_words')}</p>
      <Readers lang={page.lang} base={base} slug={artist.slug} />
      <section>
        <h2>{t('feeds_music')}</h2>
        <p>{t('feeds_music_words')}</p>
        <Addresses base={base} feeds={music} />
      </section>
      <section>
        <h2>{t('support_title')}</h2>
        <ErrorSummary errors={errors} lang={page.lang} />
        <Form page={page} action={`${PATH}?desk=${encodeURIComponent(artist.slug)}`} novalidate>
          <Field
            name="fundingUrl"
            type="url"
            label={t('support_url')}
            hint={t('support_url_hint')}
            value={support.fundingUrl}
            error={errors?.['fundingUrl']}
            maxlength={500}
          />
          <Field
            name="fundingWords"
            label={t('support_words')}
            hint={t('support_words_hint')}
            value={support.fundingWords}
            error={errors?.['fundingWords']}
            maxlength={100}
          />
          <Field
            name="lightning"
            label={t('support_lightning')}
            hint={t('support_lightning_hint')}
            value={support.lightning}
            error={errors?.['lightning']}
            maxlength={200}
            autocapitalize="none"
            spellcheck="false"
          />
          <p class="actions">
            <Button>{t('support_save')}</Button>
          </p>
        </Form>
      </section>
    </StudioPage>
  )
}

const LabelFeedsPage = ({ c, label, base }: { c: Context<WebEnv>; label: SenderAtDesk; base: string }) => {
  const { lang } = c.get('page')
  const t = words(lang)
  return (
    <StudioPage c={c} title={t('feeds_title')} current="label" labelId={label.id}>
      <p>
        <a href={`/studio/label?desk=${encodeURIComponent(label.slug)}`}>{label.name}</a>
      </p>
      <h1>{t('feeds_title')}</h1>
      <p class="lead">{t('feeds_words')}</p>
      <Readers lang={lang} base={base} slug={label.slug} />
    </StudioPage>
  )
}

const Readers = ({ lang, base, slug }: { lang: Lang; base: string; slug: string }) => {
  const t = words(lang)
  const at = `/${encodeURIComponent(slug)}`
  return (
    <section>
      <h2>{t('feeds_readers')}</h2>
      <Addresses
        base={base}
        feeds={[
          { label: t('feed_everything'), path: `${at}/feed.xml` },
          { label: t('feed_journal'), path: `${at}/journal/feed.xml` },
        ]}
      />
    </section>
  )
}

const Addresses = ({ base, feeds }: { base: string; feeds: { label: string; path: string }[] }) => (
  <ul class="lines plain">
    {feeds.map(({ label, path }) => (
      <li>
        <span>{label}</span>
        <a class="address" href={path}>{`${base}${path}`}</a>
      </li>
    ))}
  </ul>
)
