<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Issues managed badges to members.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

use core_badges\badge;
use local_stewardpath\setup\service_role;

/**
 * Issues a badge once, even if called several times.
 */
class badge_giver {
    /**
     * Issue a badge to a member.
     *
     * @param string $idnumber of the badge
     * @param int $userid
     * @return array {issued: bool now, already: bool, hash: string}
     * @throws problem unknownbadge, unknownuser
     */
    public static function give(string $idnumber, int $userid): array {
        global $DB;
        $map = badges::find($idnumber);
        if (!$map) {
            throw new problem('unknownbadge', $idnumber);
        }
        if (!$DB->record_exists('user', ['id' => $userid, 'deleted' => 0])) {
            throw new problem('unknownuser', $userid);
        }
        $badge = new badge($map->badgeid);
        $already = $badge->is_issued($userid);
        if (!$already) {
            self::note_award($badge, $userid);
            $badge->issue($userid);
        }
        $hash = $DB->get_field('badge_issued', 'uniquehash', ['badgeid' => $badge->id, 'userid' => $userid], MUST_EXIST);
        return ['issued' => !$already, 'already' => $already, 'hash' => $hash];
    }

    /**
     * Record that the service role awarded the badge, as its criterion requires.
     *
     * @param badge $badge
     * @param int $userid
     */
    private static function note_award(badge $badge, int $userid): void {
        global $CFG, $USER;
        require_once($CFG->dirroot . '/badges/lib/awardlib.php');
        $roleid = service_role::id();
        if ($roleid) {
            process_manual_award($userid, $USER->id, $roleid, $badge->id);
        }
    }
}
