interface Recognition {
  /** All of these are in the text, in lower case and with single spaces. */
  readonly says: readonly string[];
  /** None of these is. */
  readonly unless?: readonly string[];
  readonly id: string;
}

const redistribution = 'redistribution and use in source and binary forms';
const endorsement = 'endorse or promote';
const advertising = 'all advertising materials';

/** Sentences that only one licence has, or a family of which the others are told apart by a second sentence. */
const recognitions: readonly Recognition[] = [
  {
    says: ['permission is hereby granted, free of charge, to any person obtaining a copy of this software'],
    id: 'MIT',
  },
  { says: [redistribution], unless: [endorsement, advertising], id: 'BSD-2-Clause' },
  { says: [redistribution, endorsement], unless: [advertising], id: 'BSD-3-Clause' },
  { says: [redistribution, advertising], id: 'BSD-4-Clause' },
  {
    says: [
      'permission to use, copy, modify, and distribute this software for any purpose with or without fee is hereby granted',
    ],
    id: 'ISC',
  },
  {
    says: [
      'permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted',
    ],
    id: 'ISC',
  },
  {
    says: [
      'permission to use, copy, modify, distribute, and sell this software and its documentation for any purpose is hereby granted without fee',
    ],
    id: 'HPND-sell-variant',
  },
  {
    says: [
      'the authors hereby grant permission to use, copy, modify, distribute, and license this software and its documentation for any purpose',
    ],
    id: 'TCL',
  },
  { says: ['psf license agreement for python'], id: 'PSF-2.0' },
  { says: ['licensed under the apache license, version 2.0'], id: 'Apache-2.0' },
  { says: ['mozilla public license, v. 2.0'], id: 'MPL-2.0' },
  { says: ['mozilla public license version 2.0'], id: 'MPL-2.0' },
  { says: ["provided 'as-is', without any express or implied warranty", 'altered source versions'], id: 'Zlib' },
  { says: ['version of the info-zip copyright and license'], id: 'Info-ZIP' },
];

/** The licences whose text, or whose usual notice, is in a text; what it may quote besides is not looked for. */
export function licensesInText(text: string): readonly string[] {
  const flat = text.toLowerCase().replace(/[\s*#]+/g, ' ');
  const found = recognitions.filter(
    ({ says, unless = [] }) => says.every((part) => flat.includes(part)) && !unless.some((part) => flat.includes(part)),
  );
  return [...new Set(found.map(({ id }) => id))];
}
