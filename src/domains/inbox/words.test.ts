import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { wordOf } from './words.rules.ts'

describe('means: nothing more', () => {
  test.each([
    ...[
      'STOP',
      'stop',
      'Stop.',
      '  sToP !!! ',
      '"STOP"',
      'STOP 😡',
      'stop stop stop',
      'S.T.O.P.',
      's t o p',
      'ＳＴＯＰ',
    ],
    ...['STOPALL', 'Stop all', 'UNSUBSCRIBE', 'Cancel', 'END', 'Quit', 'REMOVE', 'remove me', 'opt-out', 'optout'],
    ...[
      'ARRET',
      'ARRÊT',
      'Arrêt',
      'arre\u0302t',
      'arrêter',
      'arrêtez',
      'DESABO',
      'Désabo',
      'DÉSABONNER',
      'désabonnement',
      'Désinscription',
    ],
    ...[
      'STOP SMS',
      'stop pub',
      'Stop svp',
      'Stop, merci',
      'STOP please',
      'ok stop',
      'Hello, STOP',
      'stop tout',
      'Stop\n\nSent from my iPhone',
    ],
    ...['Arrêt\n--\nMarie', 'STOP\nEnvoyé de mon iPhone'],
    ...[
      'please stop texting me',
      'Please stop texting me!',
      'Stop texting me.',
      'stop sending me messages',
      'Stop sending these',
      'stop messaging this number',
    ],
    ...[
      'stop sending me texts please',
      'Can you please stop texting me?',
      'could you stop writing to me',
      'stop spamming',
      'Stop the texts',
      'stop all these messages',
    ],
    ...[
      "Don't text me",
      'dont text me anymore',
      'Do not contact me again',
      'DO NOT SEND ME ANY MORE MESSAGES',
      "don't message me ever again please",
    ],
    ...[
      'take me off your list',
      'Take me off this list please',
      'get me off the mailing list',
      'Remove me from your list',
      'remove my number',
      'please delete my number from your database',
    ],
    ...[
      'unsubscribe me',
      'Please unsubscribe me from this list',
      'I want to unsubscribe',
      "I'd like to opt out",
      'I would like to be removed',
      'how do I unsubscribe',
      'opt me out',
    ],
    ...[
      'no more texts',
      'No more messages please',
      "I don't want these messages",
      "I don't want to receive texts anymore",
      'I no longer wish to receive your messages',
      'leave me alone',
    ],
    ...['cancel my subscription', 'leave this list', 'Sorry but stop texting me, thanks'],
    ...[
      "ne m'envoyez plus rien",
      'Ne m’envoyez plus rien !',
      "ne m'envoyez plus de messages",
      "N'envoyez plus rien",
      'ne m’écrivez plus',
      'Ne me contactez plus jamais',
      "m'envoyez plus de sms",
      'ne plus m’envoyer de sms svp',
    ],
    ...[
      'désinscrivez-moi',
      'Désinscrivez moi svp',
      'Merci de me désinscrire',
      'Bonjour, merci de me désinscrire de votre liste',
      'désabonnez-moi',
      'Je veux me désabonner',
      'je me désinscris',
      'comment me désinscrire',
    ],
    ...[
      "arrêtez de m'écrire",
      "Arrêtez de m'envoyer des messages s'il vous plaît",
      'arrête de m’envoyer des textos',
      'Arrêtez vos messages',
      'arrêtez les SMS',
      'stop aux sms',
      'Stop à vos messages',
    ],
    ...[
      'Je ne veux plus recevoir vos messages',
      'je veux plus recevoir de sms',
      'Je ne souhaite plus recevoir de messages de votre part',
      'je ne veux plus de vos messages',
      'Je ne souhaite plus être contacté',
    ],
    ...[
      'retirez-moi de votre liste',
      'Enlevez-moi de la liste',
      'supprimez mon numéro',
      'Supprimez mon numéro de votre fichier merci',
      'laissez-moi tranquille',
      'plus de messages svp',
      'Bonjour, pouvez-vous me retirer de la liste',
    ],
  ])('%j', (text) => expect(wordOf(text)).toBe('stop'))
})

describe('means: again', () => {
  test.each(['START', 'start', 'Start !', 'UNSTOP', 'unstop please', 'subscribe', 'Reprendre'])('%j', (text) =>
    expect(wordOf(text)).toBe('start'),
  )
})

describe('means: yes, if something was asked', () => {
  test.each(['YES', 'yes!', 'Yes please', 'OUI', 'oui.', 'Oui merci', 'oui oui', 'Y', 'O'])('%j', (text) =>
    expect(wordOf(text)).toBe('yes'),
  )
})

describe('means: who is this', () => {
  test.each(['HELP', 'help!', 'Help please', 'AIDE', 'aide svp', 'INFO', 'infos', 'Info merci', 'help ?'])(
    '%j',
    (text) => expect(wordOf(text)).toBe('help'),
  )
})

describe('is for a person', () => {
  test.each([
    ...[
      "I can't stop listening",
      "I can't stop listening to it!",
      "Don't stop",
      "don't stop texting me",
      'Please never stop',
      'never stop sending me music',
      'Non-stop',
      'en écoute non stop',
      'nonstop',
    ],
    ...[
      'stop it, you are making me cry',
      'Stop sending me such beautiful songs, I cry',
      'stop by our place after the show',
      'Where is the bus stop',
      'bus stop',
      'full stop',
      'when does the tour stop in Lyon',
      'STOP?',
    ],
    ...[
      'The end',
      'the end of the song is wonderful',
      'weekend',
      'end of the night',
      'Did you cancel the concert?',
      'cancel the concert',
      'cancel my ticket',
      "don't quit",
      'Quit your job and tour',
      'remove the vocals',
    ],
    ...[
      'stop texting me about merch, but keep the concerts',
      "don't text me before noon",
      'stop sending me mails, text me instead',
      'I never want these messages to end',
    ],
    ...[
      'Arrête, c’est trop beau',
      'arrêt de bus où ?',
      'Quel arrêt de tram ?',
      'On ne peut plus s’arrêter de danser',
      'n’arrêtez jamais',
      "N'arrêtez pas de m'écrire",
      'Je n’arrive pas à arrêter de l’écouter',
      'arrêtez de vieillir',
    ],
    ...[
      'ne changez plus rien',
      'plus de musique svp',
      'Je veux plus de concerts',
      'je veux plus de chansons de vous',
      "Je ne veux plus rien d'autre que votre musique",
      'ne plus jamais vous quitter',
      'désinscrivez ma sœur, pas moi',
    ],
    ...[
      'aide-moi à trouver le concert',
      "aide-moi à trouver le concert s'il te plaît",
      'help me find the venue',
      'Can you help?',
      'I need help with the download',
      'Info concert ?',
      'Des infos sur la date de Lyon',
      'information',
    ],
    ...[
      'Yes I will be there',
      'oui, à samedi',
      'Oui mais à quelle heure',
      'yes or no',
      'Start of the show?',
      'when do you start',
      'we start at 8',
      'start stop',
      'OUI STOP',
      'help stop',
    ],
    ...[
      '',
      '   ',
      '😀',
      '?',
      'merci',
      'thanks',
      'please',
      'you',
      'tout',
      'ok',
      'me',
      `${'stop '.repeat(60)}`,
      'Bonjour',
    ],
    ...[
      'Stop making sense is my favourite film',
      'Please please please let me get what I want',
      'Unsubscribe from hate',
      'can you stop the rain',
      'I don’t want to miss it',
      "I don't want you to stop",
      "I don't need anything, thank you for the song",
    ],
    ...[
      'laissez-moi entrer',
      'leave me two tickets',
      'take me home',
      'get me a ticket',
      'remove me from the guest list for Friday',
      'delete my order',
      'retirez-moi une place',
      'me retirer de la course',
    ],
  ])('%j', (text) => expect(wordOf(text)).toBeNull())
})

test('case, accents and signs around it change nothing', () => {
  const signs = fc.string({ unit: fc.constantFrom(' ', '.', '!', '…', '"', '\n', '😀', '-', '*'), maxLength: 6 })
  const said = fc.constantFrom('stop', 'arrêt', 'désabonner', 'ne m’envoyez plus rien', 'please stop texting me')
  fc.assert(
    fc.property(said, signs, signs, fc.boolean(), (word, before, after, loud) => {
      expect(wordOf(before + (loud ? word.toUpperCase() : word) + after)).toBe('stop')
    }),
  )
})

test('however long or strange, it is read at once', () => {
  const parts = fc.array(
    fc.constantFrom('stop', 'please', 'me', 'the', 'de', 'd', 'plus', 'messages', 'any', 'vos', 'x', ' ', 'merci'),
    {
      maxLength: 60,
    },
  )
  fc.assert(
    fc.property(parts, (words) => {
      expect([null, 'stop']).toContain(wordOf(words.join(' ')))
    }),
    { numRuns: 500 },
  )
})
