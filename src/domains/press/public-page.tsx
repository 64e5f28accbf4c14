import type { Child } from 'hono/jsx'
import { formats, type Lang } from '../../platform/i18n/index.ts'
import type { ReleaseCard } from '../music/index.ts'
import type { Rider } from './files.views.ts'
import { releasePressPath } from './paths.ts'
import type { PressPage, PressPicture } from './press.views.ts'
import type { Proof } from './proofs.views.ts'
import { Paragraphs, Pictures, Player, Proofs } from './public-parts.tsx'
import { words } from './words.ts'

type Props = {
  lang: Lang
  /** Where this page stands: what belongs to it lies below. */
  here: string
  artist: { name: string; slug: string; biography: string; links: { title: string; url: string }[] }
  said: PressPage
  rider: Rider | null
  releases: ReleaseCard[]
  pictures: PressPicture[]
  proofs: Proof[]
}

/** What a professional needs of an artist: to hear, to read, to print, to reach, and figures that can be checked. */
export const PressBody = (props: Props): Child => {
  const { lang, here, artist, said, rider, pictures, proofs } = props
  const t = words(lang)
  return (
    <div class="join-page">
      {said.shortWords && <Paragraphs text={said.shortWords} />}
      <Music {...props} />
      {artist.biography && (
        <section class="band">
          <h2>{t('words')}</h2>
          <Paragraphs text={artist.biography} />
        </section>
      )}
      <Pictures {...{ lang, here, pictures }} credit={said.pictureCredit} />
      {said.contacts && (
        <section class="band">
          <h2>{t('contacts')}</h2>
          <Paragraphs text={said.contacts} />
        </section>
      )}
      {(said.rider || rider) && (
        <section class="band">
          <h2>{t('rider')}</h2>
          {said.rider && <Paragraphs text={said.rider} />}
          {rider && (
            <p>
              <a href={`${here}/rider.pdf`} download="">
                {t('rider_pdf', { size: formats(lang).bytes(rider.size) })}
              </a>
            </p>
          )}
        </section>
      )}
      <Proofs {...{ lang, here, proofs }} of="artist" name={artist.name} />
    </div>
  )
}

const Music = ({ lang, here, artist, releases }: Props) => {
  const t = words(lang)
  const [first, ...others] = releases
  if (!first) return null
  return (
    <section class="band">
      <h2>{t('music')}</h2>
      <Player id={first.id} title={first.title} lang={lang} />
      <ul style="display:grid;gap:.6rem">
        {[first, ...others].map(({ slug, title, date }) => (
          <li>
            <a href={releasePressPath(here, slug)}>{title}</a>
            {date && `, ${date.slice(0, 4)}`}
          </li>
        ))}
      </ul>
      <p>
        <a href={`/${artist.slug}`}>{t('whole_page', { name: artist.name })}</a>
      </p>
    </section>
  )
}

/** How somebody checks a signed document without us. */
export const VerifyBody = ({ lang, jwks }: { lang: Lang; jwks: string }): Child => {
  const t = words(lang)
  return (
    <div class="join-page">
      <p class="prose">{t('verify_lead')}</p>
      <ol class="prose">
        <li>
          {t('verify_keys')} <a href={jwks}>{jwks}</a>
        </li>
        <li>{t('verify_parts')}</li>
        <li>{t('verify_signature')}</li>
      </ol>
      <p class="prose">{t('verify_python')}</p>
      <pre style="white-space:pre-wrap;overflow-wrap:anywhere">
        <code>{PYTHON}</code>
      </pre>
      <p class="prose">{t('verify_what')}</p>
    </div>
  )
}

const PYTHON = `# pip install pyjwt[crypto]
import json, jwt
text = open('proof.jws').read().strip()
kid = jwt.get_unverified_header(text)['kid']
keys = {k['kid']: k for k in json.load(open('jwks.json'))['keys']}
key = jwt.PyJWK(keys[kid]).key
print(json.dumps(jwt.decode(text, key, ['EdDSA']), indent=2, ensure_ascii=False))
`
