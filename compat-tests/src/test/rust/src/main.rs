//! The Rust side of the tests: client BROKER SCENARIO, or client BROKER member ARGUMENT... A scenario that goes wrong ends with an error.

mod member;

use std::time::{Duration, Instant};

use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer};
use rdkafka::message::{Header, Headers, Message, OwnedHeaders, OwnedMessage};
use rdkafka::producer::{BaseRecord, DefaultProducerContext, Producer, ThreadedProducer};
use rdkafka::{Offset, TopicPartitionList};

const RECORDS: i64 = 300;
const FIRST_MS: i64 = 1_700_000_000_000;
const TIMEOUT: Duration = Duration::from_secs(60);

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn config(broker: &str, settings: &[(&str, &str)]) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", broker);
    for (name, value) in settings {
        config.set(*name, *value);
    }
    config
}

fn produce(broker: &str, topic: &str, settings: &[(&str, &str)]) -> Outcome {
    let producer: ThreadedProducer<DefaultProducerContext> = config(broker, settings).create()?;
    send(&producer, topic, 0..RECORDS)?;
    producer.flush(TIMEOUT)?;
    Ok(())
}

fn send(producer: &ThreadedProducer<DefaultProducerContext>, topic: &str, numbers: std::ops::Range<i64>) -> Outcome {
    for i in numbers {
        let (key, value, number) = (format!("key-{i}"), format!("value-{i}"), i.to_string());
        let headers = OwnedHeaders::new().insert(Header { key: "n", value: Some(&number) });
        let record = BaseRecord::to(topic).partition(0).key(&key).payload(&value).headers(headers).timestamp(FIRST_MS + i);
        producer.send(record).map_err(|(error, _)| error)?;
    }
    Ok(())
}

fn consumer(broker: &str, group: &str, settings: &[(&str, &str)]) -> Result<BaseConsumer, Box<dyn std::error::Error>> {
    let mut config = config(broker, settings);
    config.set("group.id", group).set("auto.offset.reset", "earliest").set("enable.auto.commit", "false");
    Ok(config.create()?)
}

fn consume(consumer: &BaseConsumer, wanted: usize) -> Result<Vec<OwnedMessage>, Box<dyn std::error::Error>> {
    let end = Instant::now() + TIMEOUT;
    let mut messages = Vec::new();
    while messages.len() < wanted && Instant::now() < end {
        match consumer.poll(Duration::from_millis(200)) {
            Some(Ok(message)) => messages.push(message.detach()),
            // The topic of a subscription may be newer than what the client knows.
            Some(Err(error)) if error.rdkafka_error_code() != Some(rdkafka::types::RDKafkaErrorCode::UnknownTopicOrPartition) => {
                return Err(error.into())
            }
            _ => {}
        }
    }
    assert_eq!(messages.len(), wanted);
    Ok(messages)
}

fn next(consumer: &BaseConsumer) -> Result<i64, Box<dyn std::error::Error>> {
    Ok(consume(consumer, 1)?[0].offset())
}

fn round_trip(broker: &str, codec: &str) -> Outcome {
    let topic = format!("rust-{codec}");
    produce(broker, &topic, &[("compression.type", codec), ("enable.idempotence", "true")])?;
    let consumer = consumer(broker, &topic, &[])?;
    consumer.subscribe(&[&topic])?;
    for (i, message) in (0..RECORDS).zip(consume(&consumer, RECORDS as usize)?) {
        assert_eq!(message.offset(), i);
        assert_eq!(message.key(), Some(format!("key-{i}").as_bytes()));
        assert_eq!(message.payload(), Some(format!("value-{i}").as_bytes()));
        assert_eq!(message.timestamp().to_millis(), Some(FIRST_MS + i));
        assert_eq!(message.headers().map(|all| all.get(0).value.map(<[u8]>::to_vec)), Some(Some(i.to_string().into_bytes())));
    }
    Ok(())
}

/// One member reads half and commits, the next one reads the rest.
fn group(broker: &str, protocol: &str) -> Outcome {
    let topic = format!("rust-group-{protocol}");
    produce(broker, &topic, &[])?;
    for half in 0..2 {
        let consumer = consumer(broker, &format!("rust-readers-{protocol}"), &[("group.protocol", protocol)])?;
        consumer.subscribe(&[&topic])?;
        let messages = consume(&consumer, RECORDS as usize / 2)?;
        assert_eq!(messages[0].offset(), half * RECORDS / 2);
        consumer.commit(&at(&topic, (half + 1) * RECORDS / 2)?, CommitMode::Sync)?;
    }
    Ok(())
}

fn at(topic: &str, offset: i64) -> Result<TopicPartitionList, Box<dyn std::error::Error>> {
    let mut list = TopicPartitionList::new();
    list.add_partition_offset(topic, 0, Offset::Offset(offset))?;
    Ok(list)
}

/// Commits of both kinds, seek, pause, offsets by time, and a pattern for topics.
fn moves(broker: &str, protocol: &str) -> Outcome {
    let topic = format!("rust-moves-{protocol}");
    produce(broker, &topic, &[])?;
    let consumer = consumer(broker, &topic, &[("group.protocol", protocol)])?;
    consumer.subscribe(&[&format!("^{topic}.*")])?;
    assert_eq!(next(&consumer)?, 0);
    consumer.commit(&at(&topic, 7)?, CommitMode::Sync)?;
    consumer.commit(&at(&topic, 8)?, CommitMode::Async)?;
    consumer.seek(&topic, 0, Offset::Offset(50), TIMEOUT)?;
    assert_eq!(next(&consumer)?, 50);
    consumer.pause(&at(&topic, 0)?)?;
    assert!(consumer.poll(Duration::from_millis(500)).is_none());
    consumer.resume(&at(&topic, 0)?)?;
    assert_eq!(next(&consumer)?, 51);
    let found = consumer.offsets_for_times(at(&topic, FIRST_MS + 100)?, TIMEOUT)?;
    assert_eq!(found.elements()[0].offset(), Offset::Offset(100));
    assert_eq!(consumer.fetch_watermarks(&topic, 0, TIMEOUT)?, (0, RECORDS));
    let end = Instant::now() + TIMEOUT;
    while consumer.committed(TIMEOUT)?.elements()[0].offset() != Offset::Offset(8) && Instant::now() < end {
        consumer.poll(Duration::from_millis(100));
    }
    assert_eq!(consumer.committed(TIMEOUT)?.elements()[0].offset(), Offset::Offset(8));
    Ok(())
}

fn transact(broker: &str) -> Outcome {
    let topic = "rust-transactions";
    let producer: ThreadedProducer<DefaultProducerContext> = config(broker, &[("transactional.id", "rust-writer")]).create()?;
    producer.init_transactions(TIMEOUT)?;
    for round in 0..4 {
        producer.begin_transaction()?;
        send(&producer, topic, round * 10..round * 10 + 10)?;
        if round % 2 == 0 {
            producer.commit_transaction(TIMEOUT)?;
        } else {
            producer.flush(TIMEOUT)?;
            producer.abort_transaction(TIMEOUT)?;
        }
    }
    let consumer = consumer(broker, topic, &[("isolation.level", "read_committed")])?;
    consumer.subscribe(&[topic])?;
    let values: Vec<_> = consume(&consumer, 20)?.iter().map(|each| each.payload().map(<[u8]>::to_vec)).collect();
    let expected: Vec<_> = (0..10).chain(20..30).map(|i| Some(format!("value-{i}").into_bytes())).collect();
    assert_eq!(values, expected);
    Ok(())
}

fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().collect();
    let (broker, scenario) = (arguments[1].as_str(), arguments[2].as_str());
    match scenario {
        "member" => return member::run(broker, &arguments[3..]),
        "classic" | "consumer" => group(broker, scenario)?,
        "moves-classic" | "moves-consumer" => moves(broker, &scenario[6..])?,
        "transact" => transact(broker)?,
        codec => round_trip(broker, codec)?,
    }
    println!("ok {scenario}");
    Ok(())
}
