<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Issues managed badges to members, and revokes them.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

use core_badges\badge;
use local_stewardpath\setup\service_role;

/**
 * Issues and revokes a badge once, even if called several times.
 */
class badge_giver {
    /**
     * Issue a badge to a member, without Moodle's notification.
     *
     * @param string $idnumber of the badge
     * @param int $userid
     * @return array {issued: bool now, already: bool, hash: string}
     * @throws problem unknownbadge, unknownuser
     */
    public static function give(string $idnumber, int $userid): array {
        global $DB;
        $badge = self::badge_for($idnumber, $userid);
        $already = $badge->is_issued($userid);
        if (!$already) {
            self::note_award($badge, $userid);
            // With false, Moodle would also email the member. The service sends the one email about the milestone.
            $badge->issue($userid, true);
        }
        $hash = $DB->get_field('badge_issued', 'uniquehash', ['badgeid' => $badge->id, 'userid' => $userid], MUST_EXIST);
        if (!$already) {
            badges_bake($hash, $badge->id, $userid);
        }
        return ['issued' => !$already, 'already' => $already, 'hash' => $hash];
    }

    /**
     * Revoke a member's badge, whoever issued it.
     *
     * The recorded awards go too: otherwise Moodle's cron job would issue the badge again.
     *
     * @param string $idnumber of the badge
     * @param int $userid
     * @return array {revoked: bool now}
     * @throws problem unknownbadge, unknownuser
     */
    public static function take(string $idnumber, int $userid): array {
        global $DB;
        $badge = self::badge_for($idnumber, $userid);
        $had = $badge->is_issued($userid);
        $transaction = $DB->start_delegated_transaction();
        $DB->delete_records('badge_manual_award', ['badgeid' => $badge->id, 'recipientid' => $userid]);
        $DB->delete_records('badge_issued', ['badgeid' => $badge->id, 'userid' => $userid]);
        if ($had) {
            \core\event\badge_revoked::create([
                'objectid' => $badge->id,
                'relateduserid' => $userid,
                'context' => $badge->get_context(),
            ])->trigger();
        }
        $transaction->allow_commit();
        return ['revoked' => $had];
    }

    /**
     * The badge with an idnumber, for an existing user.
     *
     * @param string $idnumber
     * @param int $userid
     * @return badge
     * @throws problem unknownbadge, unknownuser
     */
    private static function badge_for(string $idnumber, int $userid): badge {
        global $DB;
        $map = badges::find($idnumber);
        if (!$map) {
            throw new problem('unknownbadge', $idnumber);
        }
        if (!$DB->record_exists('user', ['id' => $userid, 'deleted' => 0])) {
            throw new problem('unknownuser', $userid);
        }
        return new badge($map->badgeid);
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
