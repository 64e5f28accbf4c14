import type { Lang } from '../../../platform/i18n/index.ts'
import type { Sender } from '../../identity/index.ts'
import { type Plan, type Step, type Test, titleOf } from '../plan.rules.ts'
import { words } from '../words.ts'

/** What things are called, by their subject. */
export type Titles = ReadonlyMap<string, string>

const named = (subject: string | null, titles: Titles, lang: Lang, any: 'something' | 'an_operation'): string => {
  if (subject === null) return words(lang)(any)
  const title = titles.get(subject)
  return title ? (lang === 'fr' ? `«\u00a0${title}\u00a0»` : `“${title}”`) : words(lang)('gone')
}

/** Who comes in, in a sentence or two. */
export function whenText(
  { when, again }: Pick<Plan, 'when' | 'again'>,
  titles: Titles,
  lang: Lang,
  sender: Sender,
): string {
  const t = words(lang)
  const who =
    when.is === 'joined'
      ? t('says_joined')
      : when.is === 'silent'
        ? t('labelId' in sender ? 'says_silent_label' : 'says_silent', { weeks: when.weeks })
        : t(`says_${when.is}`, {
            what: named(when.subject, titles, lang, when.is === 'part' ? 'an_operation' : 'something'),
          })
  return when.is === 'joined' ? who : `${who} ${t(again ? 'says_again' : 'says_once')}`
}

function testText(test: Test, not: boolean, titles: Titles, lang: Lang): string {
  const t = words(lang)
  const key = not ? (`not_${test.is}` as const) : (`test_${test.is}` as const)
  if (test.is === 'channel') return t(key, { channel: t(`channel_${test.channel}`) })
  if (test.is === 'place') return t(key, { place: test.place || t('somewhere') })
  const what = named(test.subject, titles, lang, test.is === 'part' ? 'an_operation' : 'something')
  return t(key, { what, since: t(`since_${test.since}`) })
}

/** A step in a few words, and what is to say of it besides. */
export function stepText(step: Step, titles: Titles, lang: Lang): { text: string; more: string } {
  const t = words(lang)
  switch (step.kind) {
    case 'wait': {
      const wait = t(`step_wait_${step.unit}`, { n: step.count })
      return { text: step.hour ? t('step_until', { wait, hour: step.hour }) : wait, more: '' }
    }
    case 'condition':
      return {
        text: t('step_if', { test: testText(step.test, step.not, titles, lang) }),
        more: t(`else_${step.otherwise}`),
      }
    case 'give': {
      const channels = step.channels.map((channel) => t(`channel_${channel}`)).join(', ')
      const thing = step.subject && t('with_thing', { title: named(step.subject, titles, lang, 'something') })
      const code = step.batch && t('with_code', { name: titles.get(`codes:${step.batch}`) ?? t('gone') })
      return {
        text: t('step_give', { title: titleOf(step, lang) || t('step_unwritten') }),
        more: [channels && t('on_channels', { channels }), thing, code].filter(Boolean).join(' · '),
      }
    }
    case 'stop':
      return { text: t('step_stop'), more: '' }
  }
}
