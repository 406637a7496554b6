#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# features.sh TREE: the features of a tree as a header, the profile that they imply in a comment.
here=$(dirname "$0")
profile=none
while IFS='	' read -r name file pattern implied; do
	case $name in '#'* | '') continue ;; esac
	grep -qE -- "$pattern" "$1/$file" 2>/dev/null || continue
	echo "#define ENV_HAS_$name 1"
	case $implied in
	-) ;;
	*'>'*) [ "$profile" != "${implied%>*}" ] || profile=${implied#*>} ;;
	*) profile=$implied ;;
	esac
done <"$here/features"
echo "/* profile $profile */"
