import { cruiseOptions, makeRules } from './scripts/checks/rules.mjs'

export default { forbidden: makeRules(), options: cruiseOptions }
