import fc from 'fast-check';

/** Packages that images are made of, alone. */
const alone = `adduser apache2 apt aria2 bash bind9-dnsutils build-essential busybox-static bzip2 ca-certificates chrony
cmake composer coreutils cpp cron curl debconf default-jdk-headless default-jre-headless default-mysql-client dnsmasq
dpkg emacs-nox erlang-base exim4 ffmpeg file fontconfig g++ gcc gdb ghostscript git gnupg golang-go graphviz haproxy
htop imagemagick init iproute2 iputils-ping jq less libc6-dev libcurl4-openssl-dev libpq-dev libssl-dev locales lua5.4
mailutils make mariadb-server maven memcached mono-runtime nano ncurses-bin net-tools netbase nginx nginx-extras nodejs
npm ocaml-nox openjdk-17-jre openssh-client openssh-server openssl openvpn parallel passwd perl perl-base php php-cli
php-fpm pipx postfix postgresql procps python3 python3-dev python3-numpy python3-pip python3-requests python3-venv
r-base-core rabbitmq-server redis-server rsync rsyslog ruby ruby-rails rustc samba socat sqlite3 squid ssl-cert
strace subversion sudo supervisor systemd systemd-sysv tar task-web-server tcl telnet tini tmux tomcat10 tor tzdata
unzip util-linux uwsgi varnish vim wget wkhtmltopdf x11-apps xterm xvfb xz-utils zip zsh`.split(/\s+/);

/** Together they make alternatives, providers and conflicts matter. */
const together =
  `exim4 postfix|nullmailer mailutils|postfix mailutils|systemd-sysv sysvinit-core|dbus-x11 libpam-elogind
default-jre-headless openjdk-17-jdk|php apache2|php nginx|php-fpm php|apache2 php-cgi|mariadb-server default-mysql-server
cron systemd-cron|anacron cronie|rsyslog syslog-ng|inetutils-telnetd openbsd-inetd|mawk gawk|original-awk libc6-dev
netcat-openbsd netcat-traditional|vim-tiny vim|emacs-nox emacs-gtk|python3 python3-minimal|libssl-dev libgnutls28-dev
libcurl4-openssl-dev libcurl4-gnutls-dev|libjpeg-dev libpng-dev|tini dumb-init|debconf cdebconf|libpam-systemd dbus
ntp chrony|isc-dhcp-client udhcpc|dropbear openssh-server|resolvconf openresolv|zlib1g-dev libc6-dev gcc
ca-certificates-java openjdk-17-jre-headless|ruby bundler nodejs|lighttpd nginx|wine wine64`.split(/[|\n]/);

/** Sets of packages to install: known ones, and some at random from all there are. The same ones every time. */
export function packageSets(names: readonly string[]): readonly (readonly string[])[] {
  const known = [...alone.map((name) => [name]), ...together.map((set) => set.split(' '))];
  const random = fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 4 });
  return [
    ...known.filter((set) => set.every((name) => names.includes(name))),
    ...fc.sample(random, { numRuns: 60, seed: 2_024 }),
  ];
}
