import type { RecipeDocument } from '../recipe/schema.ts';
import type { DebianRelease } from '../releases.ts';

/** Python with its whole standard library; no pip. */
export function pythonRecipe({ version }: DebianRelease): RecipeDocument {
  const python = version === '12' ? 'python3.11' : 'python3.13';
  return {
    from: 'cc',
    packages: [python, `${python}-venv`],
    without: ['python3-pip-whl', 'python3-setuptools-whl', 'python3-distutils', 'mime-support'],
    files: [
      { symlink: `/usr/bin/${python}`, to: '/usr/bin/python' },
      { symlink: `/usr/bin/${python}`, to: '/usr/bin/python3' },
    ],
    env: { LANG: 'C.UTF-8' },
    entrypoint: [`/usr/bin/${python}`],
    'ld-cache': true,
  };
}

/** Node.js as the distribution has it, without npm. */
export function nodeRecipe(): RecipeDocument {
  return {
    from: 'cc',
    packages: ['nodejs'],
    without: ['node-corepack'],
    entrypoint: ['/usr/bin/node'],
    'ld-cache': true,
  };
}

/** The distribution's headless Java runtime. */
export function javaRecipe({ version }: DebianRelease): RecipeDocument {
  const release = version === '12' ? '17' : '21';
  return {
    from: 'cc',
    packages: [`openjdk-${release}-jre-headless`, 'fonts-dejavu-core'],
    // Sound, printing and smart cards: of a server none is there.
    without: [
      'ca-certificates-java',
      'java-common',
      'libasound2',
      'libasound2t64',
      'libcups2',
      'libcups2t64',
      'libpcsclite1',
      'util-linux',
    ],
    files: [{ symlink: `/usr/lib/jvm/java-${release}-openjdk-{architecture}/bin/java`, to: '/usr/bin/java' }],
    env: { LANG: 'C.UTF-8', JAVA_HOME: `/usr/lib/jvm/java-${release}-openjdk-{architecture}` },
    entrypoint: ['/usr/bin/java', '-jar'],
    'ld-cache': true,
  };
}

/** Ruby with its standard library and the gems that come with it. */
export function rubyRecipe({ version }: DebianRelease): RecipeDocument {
  const ruby = version === '12' ? 'ruby3.1' : 'ruby3.3';
  return {
    from: 'cc',
    packages: [ruby],
    without: ['ruby', 'rake', 'rubygems-integration', 'ruby-sdbm', 'zip', 'unzip'],
    files: [{ symlink: `/usr/bin/${ruby}`, to: '/usr/bin/ruby' }],
    env: { LANG: 'C.UTF-8' },
    entrypoint: ['/usr/bin/ruby'],
    'ld-cache': true,
  };
}

/** PHP for the command line, with what the distribution enables. */
export function phpRecipe({ version }: DebianRelease): RecipeDocument {
  const php = version === '12' ? '8.2' : '8.4';
  return {
    from: 'cc',
    packages: [`php${php}-cli`],
    without: ['php-common', 'mime-support'],
    files: [{ symlink: `/usr/bin/php${php}`, to: '/usr/bin/php' }],
    entrypoint: ['/usr/bin/php'],
    'ld-cache': true,
  };
}

/** Perl with its standard library. */
export function perlRecipe(): RecipeDocument {
  return { from: 'cc', packages: ['perl'], entrypoint: ['/usr/bin/perl'], 'ld-cache': true };
}
