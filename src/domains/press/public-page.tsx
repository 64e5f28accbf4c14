import type { Child } from 'hono/jsx'
import { formats, type Lang } from '../../platform/i18n/index.ts'
import { imageUrl } from '../../platform/images/index.ts'
import { EMBED_SIZES, embedPath } from '../../ui/embed-code.ts'
import { Button } from '../../ui/forms.tsx'
import type { ReleaseCard } from '../music/index.ts'
import type { PressPage, PressPicture } from './press.views.ts'
import { ProofView } from './proof-view.tsx'
import type { Proof } from './proofs.views.ts'
import { words } from './words.ts'

type Props = {
  lang: Lang
  /** Where this page stands: what belongs to it lies below. */
  here: string
  artist: { name: string; slug: string; biography: string; links: { title: string; url: string }[] }
  said: PressPage
  releases: ReleaseCard[]
  pictures: PressPicture[]
  proofs: Proof[]
}

/** What a professional needs of an artist: to hear, to read, to print, to reach, and figures that can be checked. */
export const PressBody = (props: Props): Child => {
  const { lang, artist, said } = props
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
      <Pictures {...props} />
      {said.contacts && (
        <section class="band">
          <h2>{t('contacts')}</h2>
          <Paragraphs text={said.contacts} />
        </section>
      )}
      {said.rider && (
        <section class="band">
          <h2>{t('rider')}</h2>
          <Paragraphs text={said.rider} />
        </section>
      )}
      <Proofs {...props} />
    </div>
  )
}

const Paragraphs = ({ text }: { text: string }) => (
  <>
    {text
      .split(/\n\s*\n/)
      .filter((part) => part.trim())
      .map((part) => (
        <p class="prose" style="white-space:pre-line;overflow-wrap:anywhere">
          {part.trim()}
        </p>
      ))}
  </>
)

const Music = ({ lang, artist, releases }: Props) => {
  const t = words(lang)
  const [first, ...others] = releases
  if (!first) return null
  return (
    <section class="band">
      <h2>{t('music')}</h2>
      <iframe
        src={embedPath('release', first.id)}
        title={t('player_of', { title: first.title })}
        height={EMBED_SIZES.tall.height}
        style="border:0;width:100%;max-width:40rem"
        loading="lazy"
      />
      <ul>
        {[first, ...others].map(({ path, title, date }) => (
          <li>
            <a href={path}>{title}</a>
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

const Pictures = ({ lang, here, said, pictures }: Props) => {
  const t = words(lang)
  if (!pictures.length) return null
  return (
    <section class="band">
      <h2>{t('pictures')}</h2>
      {said.pictureCredit && <p class="prose">{t('credit', { credit: said.pictureCredit })}</p>}
      <ul style="list-style:none;padding:0;display:grid;gap:1.5rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,14rem),1fr))">
        {pictures.map(({ name, title, sha256, width, height, widths }) => {
          const small = widths.find((one) => one >= 480) ?? widths.at(-1) ?? 0
          return (
            <li>
              <img
                src={imageUrl(sha256, small, 'jpg')}
                alt={name === 'portrait' ? t('portrait_of', { name: title }) : t('sleeve_of', { title })}
                width={width}
                height={height}
                loading="lazy"
                style="width:100%;height:auto"
              />
              <a href={`${here}/picture/${name}`} download="">
                {t('print_size', { title, width, height })}
              </a>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

const Proofs = ({ lang, here, proofs, artist }: Props) => {
  const t = words(lang)
  const [first] = proofs
  if (!first) return null
  return (
    <section class="band">
      <h2>{t('proofs')}</h2>
      <p class="prose">{t('proofs_lead', { name: artist.name, date: formats(lang).date(first.madeAt, 'UTC') })}</p>
      {proofs.map(({ kind, facts }) => (
        <>
          <h3 style="margin-top:1.5rem">{t(`proof_${kind}`)}</h3>
          <ProofView kind={kind} facts={facts} lang={lang} />
        </>
      ))}
      <p class="ways">
        <Button href={`${here}/proof.jws`} kind="plain" download="">
          {t('signed')}
        </Button>
        <a href="/press/verify">{t('how_to_verify')}</a>
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
