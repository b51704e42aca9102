#!/bin/sh
# Makes ./secrets for docker-compose.yml: random, once, never over what is there.
# Compose shows the files to each container's own account as they are, so anyone may read them; but nobody else on this
# machine gets into the folder.
set -eu
[ ! -e secrets ] || { echo "There is a folder secrets already; nothing was changed." >&2; exit 1; }
random() { od -An -v -N32 -tx1 /dev/urandom | tr -d ' \n'; }

umask 077
rm -rf secrets.new
mkdir secrets.new
cd secrets.new
random >postgres_password
random >secret_key
random >master_key
echo "postgresql://massline_app:$(random)@postgres/massline" >database_url
echo "postgresql://massline_owner:$(random)@postgres/massline" >database_owner_url
valkey=$(random)
echo "redis://:$valkey@valkey:6379/0" >redis_url
echo "requirepass $valkey" >valkey_conf
# The mail server's password and the gateway's address, when there are any: write them in here.
: >smtp_password
: >notify_url
chmod 0444 ./*
cd ..
mv secrets.new secrets
echo "Made ./secrets. Keep a copy of secrets/master_key apart from the database."
