# shellcheck shell=sh
# An image jail: a jail whose tree lies on a disk of its own. op_create, op_update and op_delete are a jail's.

. "$library/jail.sh"
. "$library/diskImage.sh"
