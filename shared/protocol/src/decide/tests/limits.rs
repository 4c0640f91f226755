use super::*;

const LIMITS: Limits = Limits {
    tries: 8,
    backoff_base: Millis::seconds(5),
    backoff_max: Millis::seconds(900),
    age: Limits::AGE,
    reopens: 3,
    reopen_after: Millis::seconds(3_600),
};

#[test]
fn backoff_lies_between_nothing_and_its_ceiling_whatever_chance_says() {
    let chances = (0..=64).map(|bit| if bit == 64 { 0 } else { u64::MAX >> bit });
    for random in chances {
        for tries in (0..=70).chain([u32::MAX]) {
            let ceiling = 5_000_u128
                .saturating_mul(1_u128.checked_shl(tries).unwrap_or(u128::MAX))
                .min(900_000);
            let backoff = LIMITS.backoff(tries, random);
            assert!((0..=900_000).contains(&backoff.0));
            assert!(
                u128::try_from(backoff.0).is_ok_and(|length| length <= ceiling),
                "{tries}"
            );
        }
    }
}

#[test]
fn backoff_reaches_both_ends() {
    let backoff = |tries, random| LIMITS.backoff(tries, random);
    assert_eq!(backoff(1, 0), Millis(0));
    assert_eq!(backoff(1, u64::MAX), Millis(10_000));
    assert_eq!(backoff(1, u64::MAX / 2), Millis(5_000));
    assert_eq!(backoff(7, u64::MAX), Millis(640_000));
    assert_eq!(backoff(8, u64::MAX), Millis(900_000));
    assert_eq!(backoff(u32::MAX, u64::MAX), Millis(900_000));
}

#[test]
fn backoff_without_a_length_is_none() {
    for (base, max) in [(0, 900_000), (5_000, 0), (-1, -1)] {
        let limits = Limits {
            backoff_base: Millis(base),
            backoff_max: Millis(max),
            ..LIMITS
        };
        assert_eq!(limits.backoff(3, u64::MAX), Millis(0));
    }
}

#[test]
fn a_leg_whose_route_is_gone_has_limits_too() {
    let gone = Limits { tries: 1, ..LIMITS };
    let routes = Routes {
        limits: [("paid".to_owned(), LIMITS)].into(),
        matching: Vec::new(),
        of_gone: gone,
    };
    assert!(routes.has("paid") && !routes.has("crm"));
    assert_eq!(
        (routes.limits_of("paid"), routes.limits_of("crm")),
        (&LIMITS, &gone)
    );
}
