import { catalog, type Lang } from '../platform/i18n/index.ts'
import en from './locales/player.en.json' with { type: 'json' }
import fr from './locales/player.fr.json' with { type: 'json' }

const words = catalog({ en, fr })

/** Values that only the browser knows: the words go to it with their names still in braces. */
const LATER = { at: '{at}', length: '{length}', title: '{title}' }
const FOR_THE_SCRIPT = [
  'play',
  'pause',
  'mute',
  'unmute',
  'at',
  'upcoming',
  'last',
  'copied',
  'offline',
  'missing',
  'unplayable',
  'page_lost',
  'form_lost',
] as const

/**
 * The player's bar, hidden until something plays, and the three quiet elements that navigation needs (a progress line, a
 * live region, nothing to see). Goes once into each page of the site, outside `<main id="page">`; `client/main.ts` brings it to life
 * and keeps this very element from page to page. `data-t` marks what is written anew when the language changes.
 */
export function Player({ lang }: { lang: Lang }) {
  const t = words(lang)
  return (
    <>
      <div id="player" class="player" data-words={wordsForTheScript(lang)} data-t="" hidden>
        <section class="player-bar" aria-label={t('player')} data-t="">
          <Transport lang={lang} />
          <Now lang={lang} />
          <Seek lang={lang} />
          <button
            type="button"
            class="player-upcoming"
            data-p="queue"
            popovertarget="player-queue"
            title={t('queue')}
            data-t=""
          >
            <span data-p="upcoming" />
            <Icon d="M3 5h14v1.6H3zM3 9.2h14v1.6H3zM3 13.4h9v1.6H3z" />
          </button>
          <Volume lang={lang} />
        </section>
        <QueuePanel lang={lang} />
        <KeysPanel lang={lang} />
      </div>
      <div class="progress" aria-hidden="true" />
      <p id="announce" class="player-unseen" role="status" />
    </>
  )
}

/**
 * The same bar for the page inside an embed, there from the start: no queue panel, no keys, and links that leave the frame.
 * `client/embed.ts` brings it to life.
 */
export function EmbedPlayer({ lang }: { lang: Lang }) {
  return (
    <div id="player" class="player player-embed" data-words={wordsForTheScript(lang)} data-embed="">
      <section class="player-bar" aria-label={words(lang)('player')}>
        <Transport lang={lang} />
        <Now lang={lang} target="_blank" />
        <Seek lang={lang} />
      </section>
    </div>
  )
}

const wordsForTheScript = (lang: Lang) =>
  JSON.stringify(Object.fromEntries(FOR_THE_SCRIPT.map((key) => [key, words(lang)(key, LATER)])))

const Transport = ({ lang }: { lang: Lang }) => {
  const t = words(lang)
  return (
    <div class="player-transport">
      <button type="button" data-p="previous" aria-label={t('previous')} title={t('previous')} data-t="">
        <Icon d="M5 4h1.8v5.2L16 4v12l-9.2-5.2V16H5z" />
      </button>
      <button type="button" data-p="toggle" class="player-toggle" aria-label={t('play')} title={t('play')}>
        <Icon class="icon-paused" d="M6 3.5v13L17 10z" />
        <Icon class="icon-playing" d="M5 4h3.6v12H5zM11.4 4H15v12h-3.6z" />
      </button>
      <button type="button" data-p="next" aria-label={t('next')} title={t('next')} data-t="">
        <Icon d="M15 4h-1.8v5.2L4 4v12l9.2-5.2V16H15z" />
      </button>
    </div>
  )
}

/** The script writes the title and the artist over the word that stands here until then. */
const Now = ({ lang, target }: { lang: Lang; target?: '_blank' }) => {
  const leaving = target && { target, rel: 'noopener' }
  return (
    <div class="player-now">
      <p class="player-title">
        <a data-p="title" href="#page" {...leaving}>
          {words(lang)('player')}
        </a>{' '}
        <a data-p="artist" href="#page" {...leaving}>
          {words(lang)('player')}
        </a>
      </p>
      <p class="player-problem" data-p="problem" role="status" />
      <p class="player-problem" data-p="notice" role="status" />
    </div>
  )
}

const Seek = ({ lang }: { lang: Lang }) => {
  const t = words(lang)
  return (
    <div class="player-seek">
      <span data-p="elapsed" class="player-time" aria-hidden="true">
        0:00
      </span>
      <div class="player-wave" data-p="wave">
        <svg aria-hidden="true" preserveAspectRatio="none">
          <path />
        </svg>
        <svg aria-hidden="true" preserveAspectRatio="none" class="player-heard">
          <path />
        </svg>
        <input
          type="range"
          data-p="seek"
          min="0"
          max="0"
          step="0.1"
          value="0"
          aria-label={t('seek')}
          data-t=""
          autocomplete="off"
        />
      </div>
      <span data-p="remaining" class="player-time" aria-hidden="true">
        0:00
      </span>
    </div>
  )
}

const Volume = ({ lang }: { lang: Lang }) => {
  const t = words(lang)
  return (
    <div class="player-volume">
      <button type="button" data-p="mute" aria-label={t('mute')} title={t('mute')}>
        <Icon
          class="icon-loud"
          d="M3 7.5h3L10 4v12l-4-3.5H3zM12.5 6.6a4.6 4.6 0 0 1 0 6.8l-1-1.2a3 3 0 0 0 0-4.4zM14.6 4.3a7.8 7.8 0 0 1 0 11.4l-1-1.2a6.2 6.2 0 0 0 0-9z"
        />
        <Icon
          class="icon-muted"
          d="M3 7.5h3L10 4v12l-4-3.5H3zM12 8.1l1.1-1.1 1.9 1.9L16.9 7 18 8.1 16.1 10l1.9 1.9-1.1 1.1-1.9-1.9-1.9 1.9-1.1-1.1 1.9-1.9z"
        />
      </button>
      <input
        type="range"
        data-p="volume"
        min="0"
        max="1"
        step="0.05"
        value="1"
        aria-label={t('volume')}
        data-t=""
        autocomplete="off"
      />
    </div>
  )
}

const QueuePanel = ({ lang }: { lang: Lang }) => {
  const t = words(lang)
  return (
    <section id="player-queue" class="player-panel" popover="auto" aria-label={t('queue')} data-t="">
      <ol data-p="list" />
      <template>
        <li>
          <button type="button">
            <span /> <span class="player-quiet" /> <span class="player-time" />
          </button>
        </li>
      </template>
      <div class="player-options">
        <Switch name="level" label={t('level')} />
        <button type="button" data-p="copy" class="player-word" data-t="">
          {t('copy')}
        </button>
        <button type="button" class="player-word player-keys-opener" popovertarget="player-keys" data-t="">
          {t('keys')}
        </button>
        <p data-p="said" class="player-quiet" role="status" />
      </div>
    </section>
  )
}

const KeysPanel = ({ lang }: { lang: Lang }) => {
  const t = words(lang)
  const shift = (key: string) => t('key_shift', { key })
  const rows: [string[], string][] = [
    [[t('key_space'), 'K'], t('key_toggle')],
    [['←', 'J'], t('key_back')],
    [['→', 'L'], t('key_forward')],
    [[shift('N')], t('next')],
    [[shift('P')], t('previous')],
    [['M'], t('key_mute')],
    [['?'], t('key_help')],
  ]
  return (
    <section
      id="player-keys"
      class="player-panel"
      popover="auto"
      aria-label={t('keys')}
      data-t=""
      tabindex={-1}
      autofocus
    >
      <dl class="player-keys">
        {rows.map(([keys, does]) => (
          <div>
            <dt>
              {keys.map((key) => (
                <kbd data-t="">{key}</kbd>
              ))}
            </dt>
            <dd data-t="">{does}</dd>
          </div>
        ))}
      </dl>
      <div class="player-options">
        <Switch name="keys" label={t('keys_on')} />
      </div>
    </section>
  )
}

const Switch = ({ name, label }: { name: 'level' | 'keys'; label: string }) => (
  <label>
    <input type="checkbox" data-p={name} checked autocomplete="off" /> <span data-t="">{label}</span>
  </label>
)

const Icon = ({ d, class: name }: { d: string; class?: string }) => (
  <svg viewBox="0 0 20 20" width="20" height="20" class={name} aria-hidden="true">
    <path d={d} />
  </svg>
)
