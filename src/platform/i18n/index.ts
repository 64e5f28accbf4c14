export { catalog, type Values, type Words } from './catalog.ts'
export { COUNTRIES, countries, countryName } from './countries.ts'
export { type Formats, formats } from './formats.ts'
export { isLang, LANGUAGES, type Lang, preferredLanguage } from './languages.ts'
