import capitalize from 'lodash/capitalize.js';

export const greet = (name) => `Hello, ${capitalize(name)}`;
