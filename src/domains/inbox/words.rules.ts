/**
 * Words that are understood before a person sees them. A message is one of them only as a whole: "STOP", "please stop texting me"; never because the
 * word occurs in it: "I can't stop listening". What could be meant otherwise goes to a person.
 */
export type Word =
  /** Nothing more is to be sent. */
  | 'stop'
  /** Messages may come again. */
  | 'start'
  /** Confirms what was asked; says nothing when nothing was. */
  | 'yes'
  /** Who is this, and how does one leave? */
  | 'help'

const KEYWORDS: Record<Word, string[]> = {
  stop: [
    ...['stop', 'stopall', 'unsubscribe', 'cancel', 'end', 'quit', 'remove', 'optout'],
    ...[
      'arret',
      'arrete',
      'arreter',
      'arretez',
      'desabo',
      'desabonner',
      'desabonnement',
      'desinscription',
      'desinscrire',
    ],
  ],
  start: ['start', 'unstop', 'resume', 'subscribe', 'reprendre'],
  yes: ['yes', 'oui', 'y', 'o'],
  help: ['help', 'aide', 'info', 'infos'],
}
const WORD_OF = new Map(
  Object.entries(KEYWORDS).flatMap(([word, keywords]) => keywords.map((keyword) => [keyword, word as Word])),
)

/** May stand beside a keyword and change nothing. */
const POLITE = /^(?:please|pls|plz|thanks|thank|thx|you|svp|stp|merci|now|ok|okay|hi|hello|bonjour|bonsoir)$/
/** May stand beside STOP as well: what is to stop. */
const WHAT = /^(?:all|tout|sms|text|texts|texto|textos|message|messages|msg|pub|pubs|spam|me|moi)$/
const ENOUGH = 160

// The following are compared with plain text: lower case, without accents and signs, apostrophes as spaces.
const BEFORE = [
  'hi|hey|hello|ok|okay|please|pls|plz|kindly|sorry|just|now|thanks|thank you|sorry but|but|and|so|all of you|guys',
  'can you|can you please|could you|could you please|would you|would you please|will you|you can|you must|i want you to|i need you to',
  'i want to|i d like to|i would like to|i wish to|i need to|how do i|how can i',
  'bonjour|bonsoir|salut|svp|stp|s il vous plait|s il te plait|merci de|merci|veuillez|desole|desolee|mais|et',
  'pouvez vous|pourriez vous|peux tu|pourrais tu|je veux|je voudrais|je souhaite|je desire|j aimerais|comment',
].join('|')
const AFTER = [
  'please|pls|plz|now|thanks|thank you|thx|anymore|any more|ever again|again|at all|ever|for good|immediately|asap|ok',
  'svp|stp|s il vous plait|s il te plait|merci|merci beaucoup|merci d avance|maintenant|desormais|dorenavant|du tout|definitivement',
  'immediatement|cordialement|bonne journee|bonne soiree|a l avenir|tout de suite|have a nice day|i m not interested|not interested',
].join('|')

const EN_WHAT =
  '(?:(?:me|us|to me|to us|this number|my number|my phone) ?)?(?:(?:any|all|of|these|those|the|this|your|more|such|stupid|annoying|with) ?)*(?:(?:texts?|text messages?|messages?|msgs?|sms|mails?|emails?|stuff|things?|anything|ads?|spam|announcements?|notifications?|alerts?|promotions?|promos?) ?)?(?:(?:to me|to this number|to my phone|on this number) ?)?'
const FR_WHAT =
  '(?:(?:de|des|d|les|ces|vos|tes|tous|toutes|tout|le|la|ce|cette|aucun|aucune|rien|autres?|plus) ?)*(?:(?:messages?|sms|textos?|mails?|e ?mails?|pubs?|publicites?|envois?|annonces?|notifications?|alertes?|spams?|trucs?|choses?) ?)?(?:(?:de votre part|de ta part|sur mon (?:telephone|portable|numero)|a ce numero) ?)?'
const LIST =
  '(?:(?:from|off|of|out of) (?:(?:the|your|this|that|all|any|mailing|text|sms|contact|distribution|messages?|texts) ?)*(?:lists?|database|contacts?|group)? ?)?'
const LISTE =
  '(?:(?:de|des|d|du|a|aux?) (?:(?:la|le|les|vos|votre|ta|tes|cette|ces|toutes?|tous|l) ?)*(?:listes?|fichiers?|envois?|contacts?|base|repertoire|messages?|sms|diffusion|numeros?)? ?(?:(?:de|d) (?:diffusion|envoi|contacts?|sms))? ?)?'

const SENTENCES = [
  `(?:stop|quit|cease) (?:texting|messaging|sending|writing|contacting|spamming|bothering|harassing|mailing|emailing|calling|annoying) ?${EN_WHAT}`,
  `stop (?:with )?(?:the|these|those|your|all|all the|all these|sms|any) (?:texts?|messages?|msgs?|sms|spam|ads?|announcements?|notifications?)`,
  `(?:do not|don t|dont|never|stop|you should not|no longer) (?:text|message|send|write|write to|contact|spam|bother|sms|mail|email|disturb|call) ?${EN_WHAT}`,
  `(?:take|get|remove|delete|drop) (?:me|us|my number|my phone|this number|my phone number|me now) ?${LIST}`,
  `(?:to )?be (?:removed|taken off|unsubscribed|deleted) ?${LIST}`,
  `(?:un ?subscribe|opt out|opt me out) ?(?:me|us|my number|this number)? ?${LIST}`,
  `(?:leave|quit) (?:this|the|your) (?:mailing )?(?:list|group)`,
  `(?:cancel|end|stop) (?:my|this|the) (?:subscription|service)`,
  `no more ?(?:of )?(?:these|those|your)? ?(?:texts?|text messages?|messages?|msgs?|sms|spam|ads?|announcements?)`,
  `(?:i )?(?:do not|don t|dont|no longer|never|did not|didn t) (?:want|wish|wanna|need|like) ?(?:to )?(?:receive|get|have|hear)? ?(?:from you )?(?:any )?${EN_WHAT}(?:from (?:you|this number))?`,
  `(?:please )?leave me alone`,
  `(?:arrete|arretez|arreter|cesse|cessez|stop|stoppez|stopper) (?:de |d )?(?:m |me |nous )?(?:envoyer|ecrire|contacter|texter|spammer|deranger|harceler|embeter|solliciter|relancer) ?${FR_WHAT}`,
  `(?:arrete|arretez|arreter|stop|stoppez|stopper|cessez) (?:a |aux? |les |ces |vos |tes |tous |tout |l |le |avec )+(?:vos |les |tes |ces )?(?:messages?|sms|textos?|envois?|pubs?|publicites?|annonces?|spams?)`,
  `arretez tout`,
  `(?:ne |n )?(?:m |me |nous )?(?:envoyez|envoie|envoyer|ecrivez|ecris|ecrire|contactez|contacte|contacter|textez|derangez|sollicitez) ?(?:moi |nous )?(?:plus|pas) ?(?:jamais ?)?${FR_WHAT}`,
  `ne plus (?:m |me )(?:envoyer|ecrire|contacter|deranger|solliciter) ?${FR_WHAT}`,
  `(?:ne )?plus (?:etre |me faire )(?:contacte|contactee|sollicite|sollicitee|derange|derangee|contacter)`,
  `(?:je )?(?:ne |n )?(?:veux|veut|souhaite|desire|voudrais|aimerais) (?:plus|pas) (?:jamais )?(?:recevoir|avoir|lire|de|d|vos|aucun|rien) ?${FR_WHAT}`,
  `(?:je )?(?:ne |n )?(?:veux|souhaite|desire|voudrais) (?:plus|pas) (?:etre |que vous (?:m |me ))?(?:contacte|contactee|sollicite|sollicitee|inscrit|inscrite|abonne|abonnee|contactiez|ecriviez|derangiez)`,
  `ne plus (?:recevoir|avoir) ?${FR_WHAT}`,
  `(?:me |m )?(?:desinscri(?:re|vez|s|t)|desabonne(?:r|z)?|desinscrit) ?(?:moi|nous|mon numero)? ?${LISTE}`,
  `(?:je )?(?:me |m )(?:desinscris|desabonne|desinscrire|desabonner) ?${LISTE}`,
  `(?:ma )?(?:desinscription|desabonnement) ?${LISTE}`,
  `(?:a )?etre (?:desinscrit|desinscrite|desabonne|desabonnee|retire|retiree|supprime|supprimee) ?${LISTE}`,
  `(?:me )?(?:retirez|retire|retirer|enlevez|enleve|enlever|supprimez|supprimer|effacez|effacer|sortez|otez|virez) ?(?:moi|mon numero|ce numero|mon nom|mes coordonnees) ?${LISTE}`,
  `me (?:retirer|enlever|supprimer|sortir) ?${LISTE}`,
  `(?:laissez|laisse|foutez|fichez) moi (?:tranquille|la paix)`,
  `plus (?:de|d|aucun|aucune|jamais de|un seul) (?:messages?|sms|textos?|pubs?|mails?|annonces?|envois?)`,
].map((core) => new RegExp(`^(?:(?:${BEFORE}) )*(?:${core})(?: ?\\b(?:${AFTER})\\b)*(?: \\?)? ?$`))

/** What telephones and mail programs write under a message by themselves. */
const SIGNATURE =
  /(?<=\p{L}[^\p{L}]*)\n\s*(?:--|sent from |get outlook|envoye (?:de|depuis) |telecharger outlook)[\s\S]*$/u

/** The word that a message is, or null: then a person reads it. */
export function wordOf(message: string): Word | null {
  if (message.length > ENOUGH * 4) return null
  const text = plain(message)
  if (text === '' || text.length > ENOUGH) return null
  return keywordOf(text.split(' ')) ?? (SENTENCES.some((sentence) => sentence.test(text)) ? 'stop' : null)
}

function plain(message: string): string {
  return (
    message
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .replace(SIGNATURE, '')
      // Of signs, only a question mark says something: "stop?" is a question.
      .replace(/\?+/g, ' ? ')
      .replace(/[^\p{L}\p{N}?]+/gu, ' ')
      .trim()
  )
}

/** One keyword, however often, among nothing but politeness; letters set apart (S.T.O.P.) are one word. */
function keywordOf(tokens: string[]): Word | null {
  const spelled = tokens.length > 2 && tokens.every((token) => token.length === 1) ? [tokens.join('')] : tokens
  const said = spelled.filter((token) => !POLITE.test(token))
  const words = new Set(said.flatMap((token) => WORD_OF.get(token) ?? []))
  const [word] = words
  if (word === undefined || words.size > 1) return null
  const rest = said.filter((token) => !WORD_OF.has(token))
  if (word === 'stop') return rest.every((token) => WHAT.test(token)) ? word : null
  if (word === 'help') return rest.every((token) => token === '?') ? word : null
  return rest.length === 0 ? word : null
}
