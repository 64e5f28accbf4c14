const ARTICLES = /^(the|les|le|la|l['’]|a|an|un|une|der|die|das|los|las|el)[\s]*(?<=[\s'’])(\S.*)$/iu

/** How a name is filed until somebody says otherwise: `The Four Windows` -> `Four Windows, The`. */
export function sortNameOf(name: string): string {
  const trimmed = name.trim()
  const found = ARTICLES.exec(trimmed)
  return found ? `${found[2]}, ${found[1]}` : trimmed
}
