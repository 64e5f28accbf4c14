import { formats, type Lang } from '../../platform/i18n/index.ts'
import { imageUrl } from '../../platform/images/index.ts'
import { EMBED_SIZES, embedPath } from '../../ui/embed-code.ts'
import { Button } from '../../ui/forms.tsx'
import type { PressPicture } from './press.views.ts'
import { ProofView, proofName } from './proof-view.tsx'
import type { Of } from './proofs.rules.ts'
import type { Proof } from './proofs.views.ts'
import { words } from './words.ts'

/** What an artist wrote, as it was typed. */
export const Paragraphs = ({ text }: { text: string }) => (
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

/** What plays a release, without leaving the page. */
export const Player = ({ id, title, lang }: { id: string; title: string; lang: Lang }) => (
  <iframe
    src={embedPath('release', id)}
    title={words(lang)('player_of', { title })}
    height={EMBED_SIZES.tall.height}
    style="border:0;width:100%;max-width:40rem"
    loading="lazy"
  />
)

type PicturesProps = { lang: Lang; here: string; credit: string; pictures: PressPicture[] }

/** Pictures as they came, with whose they are. */
export const Pictures = ({ lang, here, credit, pictures }: PicturesProps) => {
  const t = words(lang)
  if (!pictures.length) return null
  return (
    <section class="band">
      <h2>{t('pictures')}</h2>
      {credit && <p class="prose">{t('credit', { credit })}</p>}
      <ul style="list-style:none;padding:0;display:grid;gap:1.5rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,14rem),1fr))">
        {pictures.map(({ name, title, caption, credit: own, sha256, width, height, widths }) => {
          const small = widths.find((one) => one >= 480) ?? widths.at(-1) ?? 0
          return (
            <li>
              <img
                src={imageUrl(sha256, small, 'jpg')}
                alt={caption || (name === 'portrait' ? t('portrait_of', { name: title }) : t('sleeve_of', { title }))}
                width={width}
                height={height}
                loading="lazy"
                style="width:100%;height:auto"
              />
              <a href={`${here}/picture/${name}`} download="" style="display:inline-block;margin-top:.6rem">
                {t('print_size', { title, width, height })}
              </a>
              {own && <small style="display:block">{t('credit_one', { credit: own })}</small>}
            </li>
          )
        })}
      </ul>
    </section>
  )
}

type ProofsProps = { lang: Lang; here: string; of: Of; name: string; proofs: Proof[] }

/** Figures that the artist agreed to show, and the same signed. */
export const Proofs = ({ lang, here, of, name, proofs }: ProofsProps) => {
  const t = words(lang)
  const [first] = proofs
  if (!first) return null
  return (
    <section class="band">
      <h2>{t('proofs')}</h2>
      <p class="prose">{t('proofs_lead', { name: name, date: formats(lang).date(first.madeAt, 'UTC') })}</p>
      {proofs.map(({ kind, facts }) => (
        <>
          <h3 style="margin-top:1.5rem">{proofName(of, kind, lang)}</h3>
          <ProofView of={of} kind={kind} facts={facts} lang={lang} />
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
