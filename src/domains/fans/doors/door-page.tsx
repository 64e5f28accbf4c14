import { html, raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import type { Lang } from '../../../platform/i18n/index.ts'
import { takeConsent } from '../given/take-form.tsx'
import { words as given } from '../given/words.ts'
import { words } from './words.ts'

/** Whole, in one answer, without a typeface, a picture or a script: it opens where a hall full of telephones shares one mast. */
const STYLE = `:root{color-scheme:light dark}body{margin:0;font:18px/1.5 system-ui,sans-serif;background:Canvas;color:CanvasText}
main{max-width:30rem;margin:auto;padding:2rem 1.25rem 4rem}h1{font-size:clamp(2rem,9vw,3.2rem);line-height:1.02;letter-spacing:-.02em;margin:0 0 1.5rem;overflow-wrap:anywhere}
label{display:block;font-weight:600;margin-bottom:.3rem}input{box-sizing:border-box;width:100%;min-height:3rem;padding:.5rem .75rem;font:inherit;border:1px solid;border-radius:3px;background:Field;color:FieldText}
.tick{display:grid;grid-template-columns:auto 1fr;gap:.75rem;font-weight:400;margin-top:1rem}.tick input{width:1.5rem;min-height:1.5rem;margin:0}button,.go{display:inline-block;box-sizing:border-box;min-height:3rem;margin-top:1rem;padding:.75rem 1.5rem;font:inherit;font-weight:600;border:2px solid CanvasText;border-radius:2rem;background:CanvasText;color:Canvas;text-decoration:none;cursor:pointer}
small,.quiet{display:block;font-size:.85rem;margin-top:1rem}.error{color:light-dark(#a3170b,#ff9d8f);font-weight:600}a{color:inherit}.trap{position:absolute;left:-99rem}:focus-visible{outline:3px solid Highlight;outline-offset:2px}`

type Frame = { lang: Lang; title: string; children?: Child }

const Tiny = ({ lang, title, children }: Frame) =>
  html`<!doctype html>${(
    <html lang={lang}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>{title}</title>
        <style>{raw(STYLE)}</style>
      </head>
      <body>
        <main>
          <h1>{title}</h1>
          {children}
        </main>
      </body>
    </html>
  )}`

type DoorProps = {
  lang: Lang
  name: string
  action: string
  gift: string | null
  texts: boolean
  value?: string
  agreed?: boolean
  error?: string | null
}

/** One field, one button. */
export const DoorPage = ({ lang, name, action, gift, texts, value = '', agreed, error = null }: DoorProps) => {
  const t = words(lang)
  return (
    <Tiny lang={lang} title={t('title', { name })}>
      {gift && <p>{t('gift', { title: gift })}</p>}
      <form method="post" action={action} novalidate>
        <label for="to">{t(texts ? 'field' : 'field_mail')}</label>
        <input
          id="to"
          name="to"
          type={texts ? 'text' : 'email'}
          inputmode="email"
          autocomplete="email"
          autocapitalize="off"
          spellcheck={false}
          maxlength={254}
          value={value}
          required
          autofocus={error !== null}
          aria-invalid={error ? 'true' : undefined}
          aria-describedby={error ? 'wrong' : undefined}
        />
        {error && (
          <p class="error" id="wrong" role="alert">
            {error}
          </p>
        )}
        <p class="trap" aria-hidden="true">
          <input name="fx" tabindex={-1} autocomplete="off" aria-label="-" />
        </p>
        {gift ? (
          <>
            <label class="tick">
              <input type="checkbox" name="yes" value="on" checked={agreed} /> <span>{takeConsent(lang, name)}</span>
            </label>
            <small>{given(lang)('consent_hint')}</small>
            <small>{given(lang)('keeping')}</small>
          </>
        ) : (
          <small>{t('consent', { name })}</small>
        )}
        <button type="submit">{gift ? given(lang)('send') : t('send')}</button>
      </form>
    </Tiny>
  )
}

export const DoorThanks = ({
  lang,
  name,
  next,
  gift,
  home,
}: {
  lang: Lang
  name: string
  next: string[]
  gift: { title: string; href: string } | null
  home: string
}) => {
  const t = words(lang)
  return (
    <Tiny lang={lang} title={t('thanks')}>
      {gift && (
        <p>
          <a class="go" href={gift.href}>
            {t('take', { title: gift.title })}
          </a>
        </p>
      )}
      <div role="status">
        {next.map((sentence) => (
          <p>{sentence}</p>
        ))}
      </div>
      <p>
        <a href={home}>{t('more', { name })}</a>
      </p>
    </Tiny>
  )
}

const POSTER = `@page{size:A4;margin:0}*{box-sizing:border-box}body{margin:0;font-family:system-ui,sans-serif;background:#ddd;color:#000}
.sheet{position:relative;width:210mm;height:297mm;margin:0 auto;padding:18mm;background:#fff;display:flex;flex-direction:column;justify-content:space-between;overflow:hidden}
h1{margin:0;font-size:var(--size);line-height:.95;letter-spacing:-.03em;overflow-wrap:anywhere}.line{margin:0;font-size:9mm;line-height:1.15}
.code{width:120mm;align-self:center}.code svg{display:block;width:100%;height:auto}.address{margin:0;font-size:8mm;font-weight:700;overflow-wrap:anywhere}
.or{display:block;font-size:5mm;font-weight:400}.bar{position:sticky;top:0;display:flex;gap:1rem;justify-content:center;padding:.75rem;background:#000;color:#fff}.bar a{color:inherit}
@media print{.bar{display:none}body{background:#fff}}@media screen and (max-width:210mm){.sheet{zoom:.45}}`

/** A sheet of A4 to print: who, the code, and the address for those who type. */
export const Poster = ({
  lang,
  name,
  svg,
  address,
  gift,
  back,
}: {
  lang: Lang
  name: string
  svg: string
  address: string
  gift: string | null
  back: string
}) => {
  const t = words(lang)
  const size = name.length > 24 ? 18 : name.length > 12 ? 25 : 34
  return html`<!doctype html>${(
    <html lang={lang}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>{name}</title>
        <style>{raw(POSTER)}</style>
      </head>
      <body>
        <p class="bar" style="margin:0">
          <a href={back}>{t('back')}</a>
          <span>A4 · Ctrl P</span>
        </p>
        <main class="sheet">
          <div>
            <h1 style={`--size:${size}mm`}>{name}</h1>
          </div>
          <div class="code" role="img" aria-label={address}>
            {raw(svg)}
          </div>
          <div>
            <p class="line">
              {t('poster_line')}
              {gift && <> {t('poster_gift', { title: gift })}</>}
            </p>
            <p class="address">
              <span class="or">{t('poster_or')}</span>
              {address}
            </p>
          </div>
        </main>
      </body>
    </html>
  )}`
}
